#include "providers/gcloud/rights.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "providers/gcloud/answers.hpp"

namespace mxsmith::providers::gcloud {

namespace {

using http::Json;
using Line = provider::AccountCheck::Line;

/// More zones than this are only counted.
constexpr std::size_t kShown = 10;

/// Plans need the first, changes all of them.
constexpr std::array kRights = {"dns.resourceRecordSets.list",
                                "dns.changes.create",
                                "dns.changes.get",
                                "dns.resourceRecordSets.create",
                                "dns.resourceRecordSets.update",
                                "dns.resourceRecordSets.delete"};

bool has(const Json* permissions, const char* right) {
  if (permissions == nullptr || permissions->elements() == nullptr) return false;
  const auto& all = *permissions->elements();
  return std::any_of(all.begin(), all.end(), [&](const Json& one) {
    return one.string() != nullptr && *one.string() == right;
  });
}

}  // namespace

Line zones_line(const std::vector<Zone>& zones, const std::string& project) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(zones.size(), kShown); ++i) {
    const Zone& zone = zones[i];
    names.push_back(base::escape_for_terminal(zone.ref.id) + " (" + zone.ref.name.display() + ", " +
                    base::escape_for_terminal(zone.visibility) + ")");
  }
  const std::string seen =
      "it sees " + base::counted(zones.size(), "zone") + " of project " + project;
  if (zones.empty()) {
    return {Line::Result::doubtful, seen, "look at `project` and `visibility`"};
  }
  const std::string more = zones.size() > kShown ? ", ..." : "";
  return {Line::Result::good, seen + ": " + base::join(names, ", ") + more, {}};
}

std::string rights_question() {
  Json permissions = Json::array();
  for (const char* right : kRights) permissions.push(right);
  return http::print_json(Json::object({{"permissions", std::move(permissions)}}));
}

Line rights_line(const http::Response& response, const plan::ZoneRef& zone,
                 const http::Secrets& secrets) {
  const std::string at = " at zone " + base::escape_for_terminal(zone.id);
  Json answer;
  try {
    answer = checked_answer(response, http::Intent::read, "asking for the rights" + at, secrets);
  } catch (const base::Error& error) {
    return {Line::Result::doubtful, "its rights cannot be seen" + at,
            std::string("this is no fault if plan and apply work: ") + error.what()};
  }
  const Json* permissions = answer.find("permissions");
  std::vector<std::string> missing;
  for (const char* right : kRights) {
    if (!has(permissions, right)) missing.emplace_back(right);
  }
  if (missing.empty()) return {Line::Result::good, "it may read and change records" + at, {}};
  if (missing.front() == kRights.front()) {
    return {Line::Result::bad, "it may not read records" + at, "grant it roles/dns.reader"};
  }
  return {
      Line::Result::doubtful,
      "it may read records" + at + ", and not change them: it lacks " + base::join(missing, ", "),
      "grant it roles/dns.admin, unless it is meant for plans only"};
}

}  // namespace mxsmith::providers::gcloud
