#include "mail/bimi.hpp"

#include <algorithm>

#include "mail/report_uri.hpp"
#include "mail/tag_list.hpp"

namespace mxsmith::mail {
namespace {

void check_uri(const Tag& tag, Findings& findings) {
  if (tag.value.empty()) return;
  const ReportUri uri{tag.value, {}};
  if (const auto fault = uri.fault()) {
    findings.error("bimi-syntax", tag.value_at, tag.name + "=: " + fault->message, fault->hint);
  } else if (uri.scheme() != "https") {
    findings.error("bimi-syntax", tag.value_at, tag.name + "= is no https address",
                   "only https:// is allowed");
  }
}

void take_words(const TagList& tags, Reading<BimiRecord>& reading) {
  if (const Tag* avatar = tags.find("avp")) {
    if (avatar->value == "brand" || avatar->value == "personal") {
      reading.value.avatar = avatar->value;
    } else {
      reading.findings.warning("bimi-avp-value", avatar->value_at,
                               "avp=" + avatar->value + " is ignored", "brand or personal");
    }
  }
  if (const Tag* selector = tags.find("lps")) {
    if (selector->value == "true" || selector->value == "false") {
      reading.value.local_part = selector->value == "true";
    } else {
      reading.findings.warning("bimi-lps-value", selector->value_at,
                               "lps=" + selector->value + " is ignored", "true or false");
    }
  }
}

void check_whole(const TagList& tags, Reading<BimiRecord>& reading) {
  const Span whole{0, reading.text.size()};
  if (tags.find("l") == nullptr) {
    reading.findings.error("bimi-syntax", whole,
                           "there is no l=", "l= is the address of the logo, or empty to decline");
  } else if (reading.value.declines()) {
    reading.findings.info("bimi-decline", whole, "the domain asks that no logo be shown");
  } else if (reading.value.location.empty()) {
    reading.findings.error("bimi-syntax", whole, "a= without l= shows nothing");
  } else if (reading.value.authority.value_or("").empty()) {
    reading.findings.info("bimi-no-vmc", whole,
                          "without a= the large mailbox providers do not show the logo");
  }
}

}  // namespace

Reading<BimiRecord> read_bimi(std::string_view octets) {
  Reading<BimiRecord> reading;
  reading.text = octets;
  check_text(octets, reading.findings);
  if (!is_bimi(octets)) {
    reading.findings.error("bimi-version", {0, std::min<std::size_t>(octets.size(), 7)},
                           "receivers ignore the record: it does not begin with v=BIMI1",
                           "v=BIMI1; in exactly these letters stands at the very beginning");
    return reading;
  }
  const TagList tags = parse_tag_list(octets);
  check_tags(tags, "bimi-syntax", "bimi-syntax", reading.findings);
  if (const Tag* location = tags.find("l")) {
    reading.value.location = location->value;
    check_uri(*location, reading.findings);
  }
  if (const Tag* authority = tags.find("a")) {
    reading.value.authority = authority->value;
    check_uri(*authority, reading.findings);
  }
  take_words(tags, reading);
  check_whole(tags, reading);
  return reading;
}

std::optional<BimiRecord> parse_bimi(std::string_view octets) {
  return read_bimi(octets).without_errors();
}

std::string print_bimi(const BimiRecord& record) {
  std::string text = "v=BIMI1; l=" + record.location;
  if (record.authority) text += "; a=" + *record.authority;
  if (!record.avatar.empty()) text += "; avp=" + record.avatar;
  if (record.local_part) text += std::string("; lps=") + (*record.local_part ? "true" : "false");
  return text;
}

}  // namespace mxsmith::mail
