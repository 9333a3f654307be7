#include "mail/mx.hpp"

#include <algorithm>

#include "dns/address.hpp"

namespace mxsmith::mail {
namespace {

std::string without_final_dot(const dns::Name& name) {
  std::string text = name.text();
  if (text.size() > 1) text.pop_back();
  return text;
}

void check_null(const std::vector<dns::Mx>& set, std::size_t at, Findings& findings) {
  if (set.size() > 1) {
    findings.error("mx-null-mixed", {at, 1},
                   "the null MX, which refuses all mail, stands beside other MX records",
                   "keep one or the other");
    return;
  }
  findings.info("mx-null", {at, 1}, "the domain takes no mail");
  if (set[at].preference != 0) {
    findings.warning("mx-null-pref", {at, 1}, "the null MX has a preference other than 0",
                     "write 0 .");
  }
}

void check_exchange(const dns::Name& exchange, std::size_t at, Findings& findings) {
  const std::string shown = exchange.display();
  if (is_address_literal(exchange)) {
    findings.error("mx-target-ip", {at, 1}, shown + " is an address, and an MX record names a host",
                   "give the host a name with A or AAAA records");
  } else if (!is_host_name(exchange)) {
    findings.error("mx-target-syntax", {at, 1}, shown + " is not the name of a host",
                   "letters, digits and hyphens, separated by dots");
  } else if (exchange.label_count() == 1) {
    findings.error("mx-target-unqualified", {at, 1}, shown + " is a single label",
                   "write the whole name: mail.example.com");
  }
}

void check_preferences(const std::vector<dns::Mx>& set, Findings& findings) {
  const auto zero =
      std::find_if(set.begin(), set.end(), [](const dns::Mx& mx) { return mx.preference == 0; });
  if (zero != set.end()) {
    findings.info("mx-pref-zero", {static_cast<std::size_t>(zero - set.begin()), 1},
                  "preference 0 is the best there is: no host can be put before it");
  }
  const bool equal = std::all_of(set.begin(), set.end(), [&](const dns::Mx& mx) {
    return mx.preference == set.front().preference;
  });
  if (set.size() > 1 && equal) {
    findings.info("mx-pref-equal", {0, set.size()},
                  "all hosts have the same preference: senders take any of them");
  }
  if (set.size() == 1) findings.info("mx-single", {0, 1}, "there is one host only");
}

}  // namespace

dns::Mx null_mx() { return {0, dns::Name()}; }

bool refuses_mail(const std::vector<dns::Mx>& set) {
  return set.size() == 1 && set.front().is_null();
}

bool is_host_name(const dns::Name& name) {
  const auto labels = name.labels();
  return !labels.empty() && std::all_of(labels.begin(), labels.end(), [](const auto& label) {
    const auto is_sign = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), is_sign);
  });
}

bool is_address_literal(const dns::Name& name) {
  std::string text = without_final_dot(name);
  if (text.size() > 1 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
    if (text.rfind("ipv6:", 0) == 0) text.erase(0, 5);
  }
  return dns::parse_ipv4(text) || dns::parse_ipv6(text);
}

Findings check_mx(const std::vector<dns::Mx>& set) {
  Findings findings;
  bool has_null = false;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (set[i].is_null()) {
      if (!has_null) check_null(set, i, findings);
      has_null = true;
      continue;
    }
    check_exchange(set[i].exchange, i, findings);
    const auto end = set.begin() + static_cast<std::ptrdiff_t>(i);
    const bool again = std::any_of(
        set.begin(), end, [&](const dns::Mx& mx) { return mx.exchange == set[i].exchange; });
    if (again) {
      findings.warning("mx-duplicate", {i, 1},
                       set[i].exchange.display() + " stands twice, which helps nobody",
                       "keep one of them");
    }
  }
  if (!has_null && !set.empty()) check_preferences(set, findings);
  return findings;
}

}  // namespace mxsmith::mail
