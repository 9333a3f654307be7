#include "providers/cloudflare/batch.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "base/error.hpp"
#include "http/json.hpp"
#include "provider/record_sets.hpp"
#include "providers/cloudflare/content.hpp"
#include "providers/cloudflare/records.hpp"

namespace mxsmith::providers::cloudflare {

namespace {

using base::Error;
using base::ErrorKind;
using http::Json;
using provider::RecordWrite;

struct Element {
  dns::Key key;
  Json json;
};

Json described(const provider::RecordApi::Record& record) {
  return Json::object({{"type", dns::type_name(record.key.type)},
                       {"name", name_text(record.key.name)},
                       {"ttl", written_ttl(record.ttl, record.meta)}});
}

/// Name, type and TTL are repeated where they stay: they tell the API what kind of patch it is.
Json patch_of(const RecordWrite& write) {
  Json patch = described(write.record);
  patch.add("id", write.record.id);
  if (write.record.value != write.before->value) add_value(patch, write.record.value);
  if (write.record.meta != write.before->meta) {
    add_meta(patch, write.record.key.type, write.record.meta, Defaults::written);
  }
  return patch;
}

/// A record that comes back gets what history remembers of it.
Json post_of(const RecordWrite& write, const std::string& verbatim) {
  Json post = described(write.record);
  add_value(post, write.record.value);
  const Json known = remembered(verbatim, write.record.value);
  if (known.members() == nullptr) {
    add_meta(post, write.record.key.type, write.record.meta, Defaults::left_out);
    return post;
  }
  for (const auto& [name, value] : *known.members()) post.add(name, value);
  return post;
}

class Lists {
 public:
  void add(const RecordWrite& write, const std::string& verbatim) {
    switch (write.kind) {
      case RecordWrite::Kind::remove:
        deletes_.push_back({write.record.key, Json::object({{"id", write.record.id}})});
        break;
      case RecordWrite::Kind::update:
        patches_.push_back({write.record.key, patch_of(write)});
        break;
      case RecordWrite::Kind::create:
        posts_.push_back({write.record.key, post_of(write, verbatim)});
        break;
    }
  }

  Batch print() {
    // A DS needs the NS beside it, before and after.
    const auto is_ds = [](const Element& one) { return one.key.type == dns::Type::DS; };
    std::stable_partition(deletes_.begin(), deletes_.end(), is_ds);
    std::stable_partition(posts_.begin(), posts_.end(), std::not_fn(is_ds));
    Batch batch;
    Json body = Json::object();
    const std::array<std::pair<const char*, std::vector<Element>*>, 3> lists = {
        {{"deletes", &deletes_}, {"patches", &patches_}, {"posts", &posts_}}};
    for (const auto& [name, elements] : lists) {
      if (elements->empty()) continue;
      Json list = Json::array();
      for (std::size_t i = 0; i < elements->size(); ++i) {
        Element& one = (*elements)[i];
        batch.places.emplace_back(std::string("/") + name + "/" + std::to_string(i), one.key);
        list.push(std::move(one.json));
      }
      body.add(name, std::move(list));
    }
    batch.operations = batch.places.size();
    if (batch.operations != 0) batch.body = http::print_json(body);
    return batch;
  }

 private:
  std::vector<Element> deletes_;
  std::vector<Element> patches_;
  std::vector<Element> posts_;
};

void check(const plan::LiveZone& live, const plan::Change& change) {
  const plan::LiveSet* set = live.find(change.key);
  std::string why;
  if (change.key.type == dns::Type::SOA) {
    why = "Cloudflare keeps the SOA record itself; it is not changed";
  } else if (set != nullptr && !set->foreign().empty()) {
    why = "the set belongs to " + std::string(set->foreign());
  } else {
    return;
  }
  const std::string key = change.key.text();
  throw Error(ErrorKind::unsupported, key + ": " + why).about(key);
}

}  // namespace

Batch make_batch(const plan::LiveZone& live, const provider::Step& step) {
  Lists lists;
  for (const plan::Change& change : step.changes) {
    check(live, change);
    const std::string verbatim = change.after ? change.after->verbatim : std::string();
    const auto writes = provider::record_writes(live, change, plan::Support::yes);
    try {
      for (const RecordWrite& write : writes) lists.add(write, verbatim);
    } catch (const Error& error) {
      throw error.with_context(change.key.text()).about(change.key.text());
    }
  }
  return lists.print();
}

const dns::Key* key_at(const Batch& batch, const std::string& pointer) {
  for (const auto& [place, key] : batch.places) {
    if (!pointer.starts_with(place)) continue;
    if (pointer.size() == place.size() || pointer[place.size()] == '/') return &key;
  }
  return nullptr;
}

}  // namespace mxsmith::providers::cloudflare
