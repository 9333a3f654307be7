// Between the files of DMARC: tags to values. Private to src/mail/dmarc*.cpp.
#pragma once

#include "mail/dmarc.hpp"
#include "mail/tag_list.hpp"

namespace mxsmith::mail {

/// The first tag of a name counts; letter case of names does not, as most receivers have it.
DmarcRecord dmarc_record_of(const TagList& tags);

/// Digits only, at most `most`.
std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t most);

/// Whether reports could be sent at all.
bool has_usable_uri(const std::vector<ReportUri>& uris);

}  // namespace mxsmith::mail
