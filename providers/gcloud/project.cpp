#include "providers/gcloud/project.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "providers/gcloud/answers.hpp"

namespace mxsmith::providers::gcloud {

namespace {

using base::Error;
using base::ErrorKind;
using http::Json;

/// A positive number of the quotas, else what is documented.
std::size_t number_in(const Json& quota, std::string_view member, std::size_t otherwise) {
  const Json* value = quota.find(member);
  const std::int64_t* number = value == nullptr ? nullptr : value->integer();
  return number == nullptr || *number <= 0 ? otherwise : static_cast<std::size_t>(*number);
}

/// Whether the zone sends questions elsewhere instead of holding records.
bool leads_elsewhere(const Json& zone) {
  constexpr std::array kElsewhere = {"forwardingConfig", "peeringConfig", "serviceDirectoryConfig"};
  return std::any_of(kElsewhere.begin(), kElsewhere.end(), [&](const char* member) {
    const Json* value = zone.find(member);
    return value != nullptr && !value->is_null();
  });
}

}  // namespace

Limits limits_in(const Json& answer, const std::string& doing) {
  const Json* quota = answer.find("quota");
  if (quota == nullptr || quota->members() == nullptr) {
    throw Error(ErrorKind::protocol, doing + ": the answer has no \"quota\"");
  }
  Limits limits;
  limits.changes = std::min(number_in(*quota, "rrsetAdditionsPerChange", limits.changes),
                            number_in(*quota, "rrsetDeletionsPerChange", limits.changes));
  limits.octets = number_in(*quota, "totalRrdataSizePerChange", limits.octets);
  return limits;
}

std::optional<std::string> next_page(const Json& answer, const std::string& doing) {
  const Json* token = answer.find("nextPageToken");
  if (token == nullptr) return std::nullopt;
  if (token->string() == nullptr) {
    throw Error(ErrorKind::protocol, doing + ": the token of the next page is no text");
  }
  if (token->string()->empty()) return std::nullopt;
  return "&pageToken=" + http::percent_encode(*token->string());
}

std::optional<std::string> ZoneListReader::read(http::Body body, const std::string& doing) {
  const Json page = http::parse_json_elements(
      std::move(body), "managedZones", [&](Json&& zone) { add(zone, doing); }, doing);
  return next_page(page, doing);
}

void ZoneListReader::add(const Json& zone, const std::string& doing) {
  const std::string& text = text_in(zone, "dnsName", doing);
  const auto name = dns::Name::parse_absolute(text);
  if (!name) {
    throw Error(ErrorKind::protocol, doing + ": the answer has a zone without a name");
  }
  if (leads_elsewhere(zone)) return;
  const Json* visibility = zone.find("visibility");
  const bool told = visibility != nullptr && visibility->string() != nullptr;
  zones_.push_back({{*name, text_in(zone, "name", doing), plan::ZoneKind::ordinary},
                    told ? *visibility->string() : "public"});
}

}  // namespace mxsmith::providers::gcloud
