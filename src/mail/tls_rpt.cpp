#include "mail/tls_rpt.hpp"

#include <algorithm>

#include "mail/tag_list.hpp"

namespace mxsmith::mail {
namespace {

class Reader {
 public:
  explicit Reader(Reading<TlsRptRecord>& reading)
      : reading_(reading), findings_(reading.findings), tags_(parse_tag_list(reading.text)) {}

  void read() {
    check_text(reading_.text, findings_);
    if (!is_tls_rpt(reading_.text)) {
      findings_.error("tlsrpt-version", {0, std::min<std::size_t>(reading_.text.size(), 10)},
                      "senders ignore the record: it does not begin with v=TLSRPTv1;",
                      "v=TLSRPTv1; in exactly these letters stands at the very beginning");
      return;
    }
    for (const Span& at : tags_.empty_pieces) syntax(at, "nothing stands between two semicolons");
    for (std::size_t i = 1; i < tags_.tags.size(); ++i) take(tags_.tags[i]);
    if (tags_.find("rua") == nullptr) {
      findings_.error("tlsrpt-rua", {0, reading_.text.size()},
                      "there is no rua=", "rua=mailto:tls@example.com");
    }
  }

 private:
  void syntax(Span at, std::string message) {
    findings_.error("tlsrpt-syntax", at, std::move(message));
  }

  void take(const Tag& tag) {
    if (tag.bare) return syntax(tag.at, "\"" + tag.name + "\" is no field");
    if (tag.value_at.offset != tag.at.offset + tag.name.size() + 1) {
      syntax(tag.at, "white space around \"=\"");
    }
    if (tag.name == "rua") return take_rua(tag);
    if (!is_extension_name(tag.name)) {
      syntax(tag.at, "\"" + tag.name + "\" is no name for a field");
    } else if (!is_extension_value(tag.value)) {
      syntax(tag.at, "the value of " + tag.name + "= is not allowed");
    }
    reading_.value.extensions.emplace_back(tag.name, tag.value);
  }

  void take_rua(const Tag& tag) {
    for (const Piece& piece : split_pieces(tag.value, ',')) {
      const Span at = tag.part(piece.offset, piece.text.size());
      if (piece.text.empty()) {
        findings_.error("tlsrpt-rua", {at.offset, 0}, "an empty address in rua=");
        continue;
      }
      const ReportUri uri{std::string(piece.text), {}};
      if (const auto fault = uri.fault()) {
        findings_.error("tlsrpt-rua", at.from(fault->offset), fault->message, fault->hint);
      } else if (uri.scheme() != "mailto" && uri.scheme() != "https") {
        findings_.error("tlsrpt-rua-scheme", at, "reports cannot be sent to " + uri.scheme() + ":",
                        "mailto: and https: are what senders know");
      }
      reading_.value.rua.push_back(uri);
    }
  }

  Reading<TlsRptRecord>& reading_;
  Findings& findings_;
  TagList tags_;
};

}  // namespace

Reading<TlsRptRecord> read_tls_rpt(std::string_view octets) {
  Reading<TlsRptRecord> reading;
  reading.text = octets;
  Reader(reading).read();
  return reading;
}

std::optional<TlsRptRecord> parse_tls_rpt(std::string_view octets) {
  return read_tls_rpt(octets).without_errors();
}

std::string print_tls_rpt(const TlsRptRecord& record) {
  std::string text = "v=TLSRPTv1; rua=" + print_report_uris(record.rua);
  for (const auto& [name, value] : record.extensions) {
    text.append("; ").append(name).append("=").append(value);
  }
  return text;
}

}  // namespace mxsmith::mail
