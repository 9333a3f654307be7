#include "mail/service.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "mail/service_index.hpp"

namespace mxsmith::mail {

namespace {

constexpr std::array<std::string_view, 8> kKinds = {"mailbox", "gateway",   "sender",  "helpdesk",
                                                    "crm",     "forwarder", "archive", "none"};
constexpr std::array<std::string_view, 6> kForms = {"text", "word", "digits",
                                                    "hex",  "host", "dkim"};

template <class Value, std::size_t kCount>
std::optional<Value> find_word(const std::array<std::string_view, kCount>& words,
                               std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Value>(found - words.begin());
}

}  // namespace

std::string_view service_kind_word(ServiceKind kind) {
  return kKinds.at(static_cast<std::size_t>(kind));
}
std::optional<ServiceKind> parse_service_kind(std::string_view word) {
  return find_word<ServiceKind>(kKinds, word);
}
std::string_view field_form_word(FieldForm form) {
  return kForms.at(static_cast<std::size_t>(form));
}
std::optional<FieldForm> parse_field_form(std::string_view word) {
  return find_word<FieldForm>(kForms, word);
}

const ServiceField* Service::field(std::string_view field_name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const ServiceField& one) { return one.name == field_name; });
  return found == fields.end() ? nullptr : &*found;
}

Catalogue::Catalogue() : Catalogue(std::vector<Service>()) {}

Catalogue::Catalogue(std::vector<Service> services) {
  std::stable_sort(services.begin(), services.end(),
                   [](const Service& a, const Service& b) { return a.id < b.id; });
  services_.reserve(services.size());
  for (Service& service : services) {
    if (!services_.empty() && services_.back().id == service.id) {
      services_.back() = std::move(service);
    } else {
      services_.push_back(std::move(service));
    }
  }
  index_ = std::make_shared<const ServiceIndex>(services_);
}

const Service* Catalogue::find(std::string_view id) const {
  const auto at =
      std::lower_bound(services_.begin(), services_.end(), id,
                       [](const Service& one, std::string_view wanted) { return one.id < wanted; });
  return at != services_.end() && at->id == id ? &*at : nullptr;
}

std::vector<std::string> Catalogue::like(std::string_view id) const {
  std::vector<std::string> ids;
  ids.reserve(services_.size());
  for (const Service& service : services_) ids.push_back(service.id);
  const std::string wanted = base::to_lower(id);
  std::vector<std::string> near;
  // "google", "365", "ses": a part of the id or of the name as people say it.
  constexpr std::size_t kTelling = 3;
  for (const Service& service : services_) {
    const bool part = wanted.size() >= kTelling &&
                      (service.id.find(wanted) != std::string::npos ||
                       base::to_lower(service.name).find(wanted) != std::string::npos);
    if (part) near.push_back(service.id);
  }
  if (const auto slip = base::did_you_mean(wanted, ids)) {
    if (std::find(near.begin(), near.end(), *slip) == near.end()) near.insert(near.begin(), *slip);
  }
  return near;
}

}  // namespace mxsmith::mail
