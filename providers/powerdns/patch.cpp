#include "providers/powerdns/patch.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "http/json.hpp"
#include "providers/powerdns/type_words.hpp"
#include "providers/powerdns/zone_sets.hpp"

namespace mxsmith::providers::powerdns {

namespace {

using base::Error;
using base::ErrorKind;
using http::Json;

Error refusal(const dns::Key& key, const std::string& why) {
  Error error(ErrorKind::unsupported, key.text() + ": " + why);
  error.about(key.text());
  return error;
}

Json record(const std::string& content, bool disabled) {
  return Json::object({{"content", content}, {"disabled", disabled}});
}

/// A spelling of a value that somebody chose, and the value.
struct Spelled {
  dns::Rdata value;
  const std::string* content;
};

/// Values and spellings of `contents`; what cannot be read is left out.
std::vector<Spelled> spelled(dns::Type type, const std::vector<std::string>& contents) {
  dns::NamePool names;
  std::vector<Spelled> all;
  all.reserve(contents.size());
  for (const auto& content : contents) {
    auto value = parse_content(type, content, names);
    if (value.ok()) all.push_back({std::move(*value), &content});
  }
  return all;
}

std::string content_of(const dns::Rdata& value, const std::vector<Spelled>& known) {
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Spelled& one) { return one.value == value; });
  return found == known.end() ? print_content(value) : *found->content;
}

/// One element of the array in the making.
class SetPatch {
 public:
  SetPatch(const plan::Change& change, const plan::LiveSet* live, const Kept* kept)
      : change_(change), live_(live), kept_(kept) {
    if (change.after) remembered_ = parse_verbatim(change.after->verbatim);
  }

  [[nodiscard]] bool changes_nothing() const {
    if (!change_.after) return live_ == nullptr;
    return live_ != nullptr && live_->set == change_.after->set;
  }
  [[nodiscard]] bool removes() const { return !change_.after; }

  [[nodiscard]] Json print() const {
    check();
    Json set =
        Json::object({{"name", change_.key.name.text()}, {"type", word_of_type(change_.key.type)}});
    if (!change_.after && disabled().empty()) {
      set.add("changetype", "DELETE");
      return set;
    }
    set.add("changetype", "REPLACE");
    set.add("ttl", change_.after ? change_.after->set.ttl : kept_->ttl);
    Json all = records();
    if (change_.key.type == dns::Type::CNAME && all.elements()->size() > 1) {
      throw refusal(change_.key, "PowerDNS holds a disabled CNAME there and takes no second one")
          .with_hint("remove the disabled record " + disabled().front() + " in PowerDNS");
    }
    set.add("records", std::move(all));
    // Without the member the server keeps what it has.
    if (comes_back() && !remembered_.comments.is_null()) set.add("comments", remembered_.comments);
    return set;
  }

 private:
  /// Nothing of the set is there, neither disabled records nor comments.
  [[nodiscard]] bool comes_back() const {
    return change_.after && live_ == nullptr && kept_ == nullptr;
  }
  [[nodiscard]] const std::vector<std::string>& disabled() const {
    static const std::vector<std::string> kNone;
    if (kept_ != nullptr) return kept_->disabled;
    return comes_back() ? remembered_.disabled : kNone;
  }

  void check() const {
    if (change_.key.type == dns::Type::SOA) {
      throw refusal(change_.key, "the server keeps the SOA record itself; it is not changed");
    }
    if (live_ != nullptr && !live_->foreign().empty()) {
      throw refusal(change_.key, "the set belongs to " + std::string(live_->foreign()));
    }
    if (change_.after && change_.after->set.ttl > dns::kMaxTtl) {
      throw refusal(change_.key, "the TTL is beyond 2147483647");
    }
  }

  [[nodiscard]] Json records() const {
    std::vector<std::string> contents;
    if (change_.after) {
      const dns::Type type = change_.key.type;
      std::vector<Spelled> known;
      if (kept_ != nullptr) known = spelled(type, kept_->contents);
      for (auto& one : spelled(type, remembered_.contents)) known.push_back(std::move(one));
      contents.reserve(change_.after->set.values.size());
      for (const auto& value : change_.after->set.values) {
        contents.push_back(content_of(value, known));
      }
    }
    Json all = Json::array();
    for (const auto& content : contents) all.push(record(content, false));
    for (const auto& content : disabled()) {
      // The server takes no record twice; what is both is wanted live.
      const bool twice = std::find(contents.begin(), contents.end(), content) != contents.end();
      if (!twice) all.push(record(content, true));
    }
    return all;
  }

  const plan::Change& change_;
  const plan::LiveSet* live_;
  const Kept* kept_;
  Kept remembered_;
};

}  // namespace

plan::StepCost patch_cost() {
  // {"name":"","type":"OPENPGPKEY","changetype":"REPLACE","ttl":2147483647,"records":[]}, and
  // {"content":"","disabled":false}, with quotes and backslashes escaped.
  return {.per_change = 96, .per_value = 33, .per_octet = 2};
}

std::string print_patch(const plan::LiveZone& live, const provider::Step& step) {
  const auto& memory = dynamic_cast<const ZoneMemory&>(*live.native);
  std::vector<Json> going;
  std::vector<Json> coming;
  for (const auto& change : step.changes) {
    const SetPatch set(change, live.find(change.key), memory.find(change.key));
    if (set.changes_nothing()) continue;
    (set.removes() ? going : coming).push_back(set.print());
  }
  if (going.empty() && coming.empty()) return {};
  Json sets = Json::array();
  for (auto* part : {&going, &coming}) {
    for (auto& set : *part) sets.push(std::move(set));
  }
  return http::print_json(Json::object({{"rrsets", std::move(sets)}}));
}

}  // namespace mxsmith::providers::powerdns
