#include "providers/route53/batch.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "providers/route53/spelling.hpp"
#include "providers/route53/xml.hpp"
#include "providers/route53/zone_sets.hpp"

namespace mxsmith::providers::route53 {

namespace {

using base::Error;
using base::ErrorKind;

Error refusal(const dns::Key& key, const std::string& why) {
  Error error(ErrorKind::unsupported, key.text() + ": " + why);
  error.about(key.text());
  return error;
}

/// A set as it stands in a request.
struct SetText {
  std::uint32_t ttl = 0;
  std::vector<std::string> values;
  std::string health_check;
};

/// What a request holds so far.
class Batch {
 public:
  void add(const char* action, const dns::Key& key, const SetText& set, std::size_t counts = 1) {
    text_.append("<Change><Action>").append(action).append("</Action><ResourceRecordSet><Name>");
    text_.append(escape_xml(print_name(key.name))).append("</Name><Type>");
    text_.append(dns::type_name(key.type)).append("</Type><TTL>");
    text_.append(std::to_string(set.ttl)).append("</TTL><ResourceRecords>");
    for (const std::string& value : set.values) {
      text_.append("<ResourceRecord><Value>").append(escape_xml(value));
      text_.append("</Value></ResourceRecord>");
      records_ += counts;
      signs_ += counts * value.size();
    }
    text_.append("</ResourceRecords>");
    if (!set.health_check.empty()) {
      text_.append("<HealthCheckId>").append(escape_xml(set.health_check));
      text_.append("</HealthCheckId>");
    }
    text_.append("</ResourceRecordSet></Change>");
  }
  void append(const Batch& other) {
    text_ += other.text_;
    records_ += other.records_;
    signs_ += other.signs_;
  }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] bool too_large() const { return records_ > kMostRecords || signs_ > kMostSigns; }
  [[nodiscard]] std::string size_words() const {
    return base::counted(records_, "record") + " and " + base::counted(signs_, "sign");
  }
  [[nodiscard]] std::string body() const {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<ChangeResourceRecordSetsRequest "
           "xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes>" +
           text_ + "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>";
  }

 private:
  std::string text_;
  std::size_t records_ = 0;
  std::size_t signs_ = 0;
};

/// The values by their usual spelling.
std::vector<std::string> printed(const dns::RRset& set) {
  std::vector<std::string> values;
  values.reserve(set.values.size());
  for (const auto& value : set.values) values.push_back(print_value(value));
  return values;
}

/// One change of a step.
class SetChange {
 public:
  SetChange(const plan::Change& change, const plan::LiveZone& live)
      : change_(change), live_(live.find(change.key)), apex_(change.key.name == live.apex()) {
    kept_ = dynamic_cast<const ZoneMemory&>(*live.native).find(change.key);
  }

  void print(Batch& going, Batch& coming) const {
    if (changes_nothing()) return;
    check();
    const bool replaced_in_one = apex_ && change_.key.type == dns::Type::NS && live_ != nullptr;
    if (replaced_in_one) {
      coming.add("UPSERT", change_.key, after(), 2);
      return;
    }
    if (live_ != nullptr) going.add("DELETE", change_.key, before());
    if (change_.after) coming.add("CREATE", change_.key, after());
  }

 private:
  [[nodiscard]] bool changes_nothing() const {
    if (!change_.after) return live_ == nullptr;
    return live_ != nullptr && live_->set == change_.after->set;
  }

  void check() const {
    if (change_.key.type == dns::Type::SOA) {
      throw refusal(change_.key, "Route 53 keeps the SOA record itself; it is not changed");
    }
    if (live_ != nullptr && !live_->foreign().empty()) {
      throw refusal(change_.key, "the set belongs to " + std::string(live_->foreign()));
    }
    if (apex_ && change_.key.type == dns::Type::NS && !change_.after) {
      throw refusal(change_.key, "Route 53 keeps no zone without NS records at its apex");
    }
  }

  /// Word for word.
  [[nodiscard]] SetText before() const {
    SetText text{live_->set.ttl, {}, {}};
    if (kept_ != nullptr) text.health_check = kept_->health_check;
    text.values = kept_ != nullptr && !kept_->values.empty() ? kept_->values : printed(live_->set);
    return text;
  }

  /// Values that stay, or come back, keep their spelling.
  [[nodiscard]] SetText after() const {
    const Kept remembered = live_ == nullptr ? parse_verbatim(change_.after->verbatim) : Kept();
    const Kept& known = kept_ != nullptr ? *kept_ : remembered;
    SetText text{change_.after->set.ttl, {}, known.health_check};
    dns::NamePool names;
    for (const dns::Rdata& value : change_.after->set.values) {
      const auto found =
          std::find_if(known.values.begin(), known.values.end(), [&](const std::string& spelled) {
            const auto read = parse_value(change_.key.type, spelled, names);
            return read && *read == value;
          });
      text.values.push_back(found == known.values.end() ? print_value(value) : *found);
      if (text.values.back().size() <= kLongestValue) continue;
      throw refusal(change_.key, "a value takes " + std::to_string(text.values.back().size()) +
                                     " signs with its quotes and escapes, and Route 53 takes " +
                                     std::to_string(kLongestValue));
    }
    return text;
  }

  const plan::Change& change_;
  const plan::LiveSet* live_;
  const Kept* kept_ = nullptr;
  bool apex_;
};

}  // namespace

plan::StepCost batch_cost() {
  return {.per_change = 0,
          .per_value = 0,
          .per_octet = 1,
          .names_per_change = 0,
          .before = plan::Support::yes};
}

std::string print_batch(const plan::LiveZone& live, const provider::Step& step) {
  Batch going;
  Batch coming;
  for (const plan::Change& change : step.changes) SetChange(change, live).print(going, coming);
  if (going.empty() && coming.empty()) return {};
  going.append(coming);
  if (going.too_large()) {
    throw refusal(step.changes.front().key,
                  "the step needs " + going.size_words() +
                      " in one request, and Route 53 takes 1000 records and 32000 signs");
  }
  return going.body();
}

}  // namespace mxsmith::providers::route53
