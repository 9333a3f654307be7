// Tag lists, "v=DMARC1; p=none": the form that DKIM (RFC 6376 section 3.2), DMARC (RFC 9989
// section 4.8), MTA-STS (RFC 8461 section 3.1), TLS-RPT (RFC 8460 section 3) and BIMI records
// share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/finding.hpp"

namespace mxsmith::mail {

struct Tag {
  std::string name;   ///< As spelled.
  std::string value;  ///< White space around it dropped.
  bool bare = false;  ///< Written without "=".
  Span at = {};       ///< From the name to the end of the value.
  Span value_at = {};

  /// Where a part of the value stands in the record's text.
  [[nodiscard]] Span part(std::size_t offset, std::size_t length) const {
    return {value_at.offset + offset, length};
  }
};

/// The tags in order; pieces without "=" have an empty value. Never fails: what is not understood
/// is kept as spelled.
struct TagList {
  std::vector<Tag> tags;
  std::vector<Span> empty_pieces = {};  ///< ";;": nothing but white space between two separators.

  /// Value of the first tag of that name, without regard to case.
  [[nodiscard]] std::optional<std::string> get(std::string_view name) const;
  /// The first tag of exactly that name, or null.
  [[nodiscard]] const Tag* find(std::string_view name) const;
  /// The first tag of that name, without regard to case, or null.
  [[nodiscard]] const Tag* find_ignoring_case(std::string_view name) const;
  [[nodiscard]] std::string text() const;  ///< "v=DMARC1; p=none"
};
TagList parse_tag_list(std::string_view octets);

/// Whether a name stands twice, which leaves the list without defined meaning (RFC 6376 section
/// 3.2). Letter case counts.
bool has_duplicates(const TagList& list);

/// A text cut at a separator, white space around the pieces dropped; offsets count from `text`.
struct Piece {
  std::string_view text;
  std::size_t offset = 0;
};
std::vector<Piece> split_pieces(std::string_view text, char separator);

/// Names and values of fields that a later document may add to MTA-STS and TLS-RPT records
/// (RFC 8461 section 3.1, RFC 8460 section 3).
bool is_extension_name(std::string_view name);
bool is_extension_value(std::string_view value);

/// Which kind of mail record a TXT value is by its first tag. The version's letter case matters,
/// and nothing but white space may stand between it and the ";" or the end; DMARC and BIMI allow
/// white space around "=" as well, MTA-STS and TLS-RPT do not.
bool is_dmarc(std::string_view octets);    ///< v=DMARC1
bool is_mta_sts(std::string_view octets);  ///< v=STSv1
bool is_tls_rpt(std::string_view octets);  ///< v=TLSRPTv1
bool is_bimi(std::string_view octets);     ///< v=BIMI1

/// What no structured record means to hold: quotation marks around the whole value, "\;", octets
/// outside printable ASCII, white space at its ends. Rules: txt-literal-quotes,
/// txt-escaped-semicolon, txt-non-ascii, txt-trailing-space.
void check_text(std::string_view octets, Findings& findings);

/// What is wrong with the list itself: pieces without "=", without a name, empty ones, a name
/// twice. `syntax` and `duplicate` are the rules to report under.
void check_tags(const TagList& list, std::string_view syntax, std::string_view duplicate,
                Findings& findings);

}  // namespace mxsmith::mail
