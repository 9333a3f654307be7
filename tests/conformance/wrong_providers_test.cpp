// The list can fail: providers that are wrong in one way each, and the row that finds them out.
//
// Each is DNS in memory behind a wrapper with one fault.
#include <algorithm>
#include <map>
#include <utility>

#include "conformance/cases.hpp"
#include "conformance/story.hpp"
#include "conformance/trial.hpp"
#include "providers/memory/memory.hpp"
#include "support/catch.hpp"

namespace {

using namespace mxsmith;
using namespace mxsmith::conformance;
using provider::Provider;

/// Passes everything on; wrong ones override the one thing they get wrong.
class Passing : public Provider {
 public:
  explicit Passing(std::unique_ptr<Provider> inner) : inner_(std::move(inner)) {}
  [[nodiscard]] std::string fingerprint() const override { return inner_->fingerprint(); }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override { return inner_->find(zone); }
  std::optional<std::vector<plan::ZoneRef>> list() override { return inner_->list(); }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef& zone) const override {
    return inner_->traits(zone);
  }
  plan::LiveZone read(const plan::ZoneRef& zone) override { return inner_->read(zone); }
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override {
    return inner_->apply(live, step);
  }

 private:
  std::unique_ptr<Provider> inner_;
};

/// A provider that changes what it is told to write.
class Rewriting : public Passing {
 public:
  using Passing::Passing;
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override {
    provider::Step wrong = step;
    for (plan::Change& change : wrong.changes) {
      if (change.after) rewrite(change);
    }
    return Passing::apply(live, wrong);
  }

 private:
  virtual void rewrite(plan::Change& change) = 0;
};

/// Keeps only the values that are new to the set.
class DropsNeighbours final : public Rewriting {
 public:
  using Rewriting::Rewriting;

 private:
  void rewrite(plan::Change& change) override {
    if (!change.before) return;
    auto& values = change.after->set.values;
    const auto& old = change.before->set;
    const auto is_old = [&](const dns::Rdata& value) { return old.has(value); };
    if (std::any_of(values.begin(), values.end(), std::not_fn(is_old))) {
      std::erase_if(values, is_old);
    }
  }
};

class ForgetsTtl final : public Rewriting {
 public:
  using Rewriting::Rewriting;

 private:
  void rewrite(plan::Change& change) override { change.after->set.ttl = 3600; }
};

/// Stores texts in lower case, and does not say so by stored().
class LowersCase final : public Rewriting {
 public:
  using Rewriting::Rewriting;

 private:
  void rewrite(plan::Change& change) override {
    for (dns::Rdata& value : change.after->set.values) {
      auto* txt = std::get_if<dns::Txt>(&value);
      if (txt == nullptr) continue;
      std::transform(txt->octets.begin(), txt->octets.end(), txt->octets.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    }
  }
};

/// Cuts texts after one character-string.
class CutsTexts final : public Rewriting {
 public:
  using Rewriting::Rewriting;

 private:
  void rewrite(plan::Change& change) override {
    for (dns::Rdata& value : change.after->set.values) {
      if (auto* txt = std::get_if<dns::Txt>(&value))
        txt->octets.resize(std::min<std::size_t>(txt->octets.size(), 255));
    }
  }
};

/// Writes sets without the metadata they had.
class DropsMetadata final : public Rewriting {
 public:
  using Rewriting::Rewriting;

 private:
  void rewrite(plan::Change& change) override { change.after->meta.clear(); }
};

/// Takes a read that failed for a zone with nothing in it.
class EmptyOnError final : public Passing {
 public:
  using Passing::Passing;
  plan::LiveZone read(const plan::ZoneRef& zone) override {
    try {
      return Passing::read(zone);
    } catch (const base::Error&) {
      return plan::LiveZone(zone);
    }
  }
};

/// Reads the first page and stops.
class OnePage final : public Passing {
 public:
  using Passing::Passing;
  plan::LiveZone read(const plan::ZoneRef& zone) override {
    constexpr std::size_t kPage = 100;
    const plan::LiveZone whole = Passing::read(zone);
    plan::LiveZone first(zone);
    for (std::size_t i = 0; i < std::min(kPage, whole.sets().size()); ++i) {
      first.add(whole.sets()[i]);
    }
    return first;
  }
};

/// Sends nothing and reads back what it was told to write: a cache in the wrong place.
class ReadsItsOwnMind final : public Passing {
 public:
  using Passing::Passing;
  plan::LiveZone read(const plan::ZoneRef& zone) override {
    const plan::LiveZone real = Passing::read(zone);
    plan::LiveZone imagined(zone);
    for (const auto& set : real.sets()) {
      if (!believed_.contains(set.set.key())) imagined.add(set);
    }
    for (const auto& [key, state] : believed_) {
      if (state) imagined.add({state->set, nullptr});
    }
    return imagined;
  }
  provider::Pending apply(const plan::LiveZone&, const provider::Step& step) override {
    for (const plan::Change& change : step.changes) believed_[change.key] = change.after;
    return {};
  }

 private:
  std::map<dns::Key, std::optional<plan::SetState>> believed_;
};

/// Says that a write went well whatever came of it.
class SwallowsFailures final : public Passing {
 public:
  using Passing::Passing;
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override {
    try {
      return Passing::apply(live, step);
    } catch (const base::Error&) {
      return {};
    }
  }
};

/// Says that nothing happened when nobody knows.
class DeniesEffects final : public Passing {
 public:
  using Passing::Passing;
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override {
    try {
      return Passing::apply(live, step);
    } catch (const base::Error& error) {
      throw base::Error(error.kind(), error.what(), base::Effect::none);
    }
  }
};

/// Promises what it cannot do: a whole step at once, TTLs of a second, whatever text.
class Promises final : public Passing {
 public:
  using Passing::Passing;
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef& zone) const override {
    plan::Traits traits = Passing::traits(zone);
    traits.atomic_step = plan::Support::yes;
    traits.min_ttl = 0;
    return traits;
  }
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override {
    provider::Step one_by_one = step;
    one_by_one.atomic = false;
    return Passing::apply(live, one_by_one);
  }
};

/// DNS in memory seen through a wrong provider.
template <class Wrong>
class WrongSubject final : public Subject {
 public:
  explicit WrongSubject(std::unique_ptr<Subject> right) : right_(std::move(right)) {}
  [[nodiscard]] std::string name() const override { return "wrong"; }
  [[nodiscard]] provider::ProviderInfo info() const override {
    provider::ProviderInfo info = right_->info();
    info.make = [make = info.make](const base::Account& account, const provider::Tools& tools) {
      return std::make_unique<Wrong>(make(account, tools));
    };
    return info;
  }
  [[nodiscard]] std::string account(Access access) const override {
    return right_->account(access);
  }
  void make_zone(const dns::Name& zone) override { right_->make_zone(zone); }
  void put(const dns::Name& zone, const ForeignSet& set) override { right_->put(zone, set); }
  dns::Zone records(const dns::Name& zone) override { return right_->records(zone); }
  std::string mark(const dns::Name& zone) override { return right_->mark(zone); }
  std::map<dns::Key, std::string> texts(const dns::Name& zone) override {
    return right_->texts(zone);
  }
  std::string adorn(const dns::Name& zone, const dns::Key& key) override {
    return right_->adorn(zone, key);
  }
  std::vector<dns::Zone> seen_during(const dns::Name& zone,
                                     const std::function<void()>& work) override {
    return right_->seen_during(zone, work);
  }
  Faults* faults() override { return right_->faults(); }

 private:
  std::unique_ptr<Subject> right_;
};

std::unique_ptr<Subject> in_memory(const std::string& tag) {
  const auto all = memory_subjects();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const SubjectEntry& entry) { return entry.tag == tag; });
  REQUIRE(found != all.end());
  return found->make();
}

/// What the group or trial of that title has to say.
std::vector<Failure> failures_of(Subject& subject, const std::string& title) {
  for (const Group& group : whole_list()) {
    if (group.title() == title) return walk(subject, group);
  }
  for (const Trial& trial : all_trials()) {
    if (trial.title == title) return run_trial(subject, trial);
  }
  FAIL("the list has no row called " << title);
  return {};
}

/// The row finds the wrong provider out, and has nothing against the right one.
template <class Wrong>
void caught_by(const std::string& title, const std::string& words,
               const std::string& tag = "[memory-rrset]") {
  INFO(title);
  WrongSubject<Wrong> wrong(in_memory(tag));
  const auto failures = failures_of(wrong, title);
  REQUIRE_FALSE(failures.empty());
  std::string said;
  for (const Failure& failure : failures) said += failure.state + ": " + failure.what + "\n";
  CHECK_THAT(said, tests::has_text(words));
  const auto right = in_memory(tag);
  CHECK(failures_of(*right, title).empty());
}

}  // namespace

TEST_CASE("the list catches who drops neighbour values", "[wrong]") {
  caught_by<DropsNeighbours>("One of many", "reads back other than planned");
  caught_by<DropsNeighbours>("SPF beside two tokens", "reads back other than planned");
}

TEST_CASE("the list catches who forgets TTLs", "[wrong]") {
  caught_by<ForgetsTtl>("TTL", "reads back other than planned");
}

TEST_CASE("the list catches who changes the case of texts", "[wrong]") {
  caught_by<LowersCase>("Case of texts", "reads back other than planned");
}

TEST_CASE("the list catches who cuts texts", "[wrong]") {
  caught_by<CutsTexts>("TXT of every length", "reads back other than planned");
  caught_by<CutsTexts>("DKIM, RSA 2048", "reads back other than planned");
}

TEST_CASE("the list catches who drops metadata", "[wrong]") {
  caught_by<DropsMetadata>("Metadata that is not managed stays", "it is gone");
  caught_by<DropsMetadata>("Metadata that is managed", "it was not kept");
}

TEST_CASE("the list catches who takes a failed read for an empty zone", "[wrong]") {
  caught_by<EmptyOnError>("Fault: a read fails", "another number of changes");
}

TEST_CASE("the list catches who reads one page", "[wrong]") {
  caught_by<OnePage>("Paging and batches: 101 records", "reads back other than planned");
}

TEST_CASE("the list catches who reads its own mind", "[wrong]") {
  caught_by<ReadsItsOwnMind>("A and AAAA", "the zone is not what the state says");
}

TEST_CASE("the list catches who swallows failed writes", "[wrong]") {
  caught_by<SwallowsFailures>("Fault: the k-th write is refused", "is told as something else");
}

TEST_CASE("the list catches who denies what may have happened", "[wrong]") {
  caught_by<DeniesEffects>("Fault: the answer to the k-th write is lost, done",
                           "is told as something else", "[memory-record]");
}

TEST_CASE("the list catches who promises too much", "[wrong]") {
  caught_by<Promises>("Claim: what is seen between", "half of it was seen");
  WrongSubject<Promises> narrow(in_memory("[memory-narrow]"));
  CHECK_FALSE(failures_of(narrow, "Claim: range of TTLs").empty());
}
