#include "providers/cloudflare/zones.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "providers/cloudflare/answers.hpp"
#include "providers/cloudflare/content.hpp"
#include "providers/cloudflare/records.hpp"

namespace mxsmith::providers::cloudflare {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;
using http::Json;

const std::string* text_in(const Json& object, std::string_view outer, std::string_view inner) {
  const Json* found = object.find(outer);
  const Json* value = found == nullptr ? nullptr : found->find(inner);
  return value == nullptr ? nullptr : value->string();
}

std::string note_of(const Json& zone) {
  const std::string* account = text_in(zone, "account", "name");
  const Json* status = zone.find("status");
  std::string note = account == nullptr ? "" : "account " + *account;
  if (status != nullptr && status->string() != nullptr) {
    note += (note.empty() ? "" : ", ") + *status->string();
  }
  return note;
}

/// Records that may be meant by an error that names none.
std::string candidates(const Batch& batch) {
  constexpr std::size_t kShown = 8;
  std::vector<std::string> keys;
  for (const auto& [place, key] : batch.places) {
    const std::string text = key.text();
    if (std::find(keys.begin(), keys.end(), text) == keys.end()) keys.push_back(text);
  }
  if (keys.size() == 1) return "; it is about " + keys.front();
  std::string words = "; it does not say which record is meant of ";
  for (std::size_t i = 0; i < std::min(keys.size(), kShown); ++i) {
    words += (i == 0 ? "" : ", ") + keys[i];
  }
  if (keys.size() > kShown) words += " and " + std::to_string(keys.size() - kShown) + " more";
  return words;
}

/// The record whose name the words have in them, if it is one only.
const dns::Key* key_named(const Batch& batch, const std::string& words) {
  const dns::Key* named = nullptr;
  for (const auto& [place, key] : batch.places) {
    const std::string name = name_text(key.name);
    const std::size_t at = words.find(name);
    const bool begins = at != std::string::npos && (at == 0 || words[at - 1] == ' ');
    if (!begins || (named != nullptr && *named == key)) continue;
    if (named != nullptr) return nullptr;
    named = &key;
  }
  return named;
}

}  // namespace

std::optional<plan::ZoneRef> zone_ref(const Json& zone, const std::string& doing) {
  const auto name = dns::Name::parse_absolute(text_of(zone, "name", doing));
  const std::string& id = text_of(zone, "id", doing);
  check_zone_id(id);
  if (!name) return std::nullopt;
  const Json* type = zone.find("type");
  const bool secondary =
      type != nullptr && type->string() != nullptr && *type->string() == "secondary";
  return plan::ZoneRef{*name, id, secondary ? plan::ZoneKind::secondary : plan::ZoneKind::ordinary,
                       note_of(zone)};
}

ZoneFacts zone_facts(const Json& zone) {
  ZoneFacts facts;
  if (const std::string* plan = text_in(zone, "plan", "legacy_id")) facts.plan = *plan;
  const Json* permissions = zone.find("permissions");
  if (permissions == nullptr || permissions->elements() == nullptr ||
      permissions->elements()->empty()) {
    return facts;
  }
  const auto& all = *permissions->elements();
  const bool edit = std::any_of(all.begin(), all.end(), [](const Json& permission) {
    return permission.string() != nullptr && *permission.string() == "#dns_records:edit";
  });
  facts.may_edit = edit ? ZoneFacts::MayEdit::yes : ZoneFacts::MayEdit::no;
  return facts;
}

void check_zone_id(const std::string& id) {
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  if (!id.empty() && std::all_of(id.begin(), id.end(), is_plain)) return;
  throw Error(ErrorKind::protocol,
              "\"" + base::escape_for_terminal(id) + "\" is not the id of a zone at Cloudflare");
}

std::size_t batch_limit(const ZoneFacts& facts) {
  const bool paid = facts.plan == "pro" || facts.plan == "business" || facts.plan == "enterprise";
  return paid ? 3500 : 200;
}

plan::Traits traits_of(const ZoneFacts& facts) {
  plan::Traits traits;
  traits.granularity = plan::Granularity::record;
  traits.atomic_step = plan::Support::yes;
  traits.apex_ns = plan::Support::no;
  traits.types = stored_types();
  traits.min_ttl = facts.plan == "enterprise" ? 30 : 60;
  traits.max_ttl = 86400;
  // 4,096 octets in wire form, of which each string of 255 takes one for its length.
  traits.max_txt_octets = 4080;
  traits.min_txt_octets = 1;
  traits.max_writes_per_step = batch_limit(facts);
  traits.meta_keys = {"automatic_ttl", "comment", "proxied"};
  if (facts.plan != "free") traits.meta_keys.push_back("tags");
  traits.meta_rules["automatic_ttl"] = {"false", {}, plan::Support::no, {}, kAutomaticTtl};
  traits.meta_rules["comment"] = {"\"\"", {}, plan::Support::no, {}, {}};
  traits.meta_rules["proxied"] = {"false",
                                  {dns::Type::A, dns::Type::AAAA, dns::Type::CNAME},
                                  plan::Support::no,
                                  {{"automatic_ttl", "true"}},
                                  {}};
  traits.meta_rules["tags"] = {"[]", {}, plan::Support::yes, {}, {}};
  traits.multiple_writers = plan::Support::yes;
  // The edge gives up before the API does.
  traits.settle_after = base::Seconds(10);
  return traits;
}

void check_batch(const http::Response& response, const std::string& doing, const Batch& batch,
                 const http::Secrets& secrets) {
  const bool refused = response.status >= 400 && response.status < 500;
  const bool about_records = refused && response.status != 401 && response.status != 403 &&
                             response.status != 404 && response.status != 429;
  const Complaint complaint = refused ? complaint_of(response) : Complaint();
  const dns::Key* key = key_at(batch, complaint.pointer);
  if (key == nullptr) key = key_named(batch, complaint.words);
  std::string more;
  if (about_records) more = key == nullptr ? candidates(batch) : "; it is about " + key->text();
  try {
    check_answer(response, http::Intent::write, doing, secrets, more);
  } catch (Error& error) {
    if (about_records && key != nullptr) error.about(key->text());
    throw;
  }
  // Whatever stands in the body, only `success` says that it was done.
  const std::string what = doing + ", its answer";
  bool success = false;
  try {
    const Json answer = http::parse_json_body(response.body, what);
    const Json* said = answer.find("success");
    success = said != nullptr && said->boolean() != nullptr && *said->boolean();
  } catch (const Error& error) {
    throw Error(error.kind(), error.what(), Effect::unknown);
  }
  if (success) return;
  throw Error(
      ErrorKind::protocol,
      what + " does not say that it succeeded: " + secrets.hide(complaint_of(response).words),
      Effect::unknown);
}

}  // namespace mxsmith::providers::cloudflare
