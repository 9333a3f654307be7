// mail.dkim: one set for each selector.

#include <array>
#include <utility>

#include "base/text.hpp"
#include "mail/dkim.hpp"
#include "spec/declaring.hpp"

namespace mxsmith::spec {

namespace {

using plan::DesiredUnit;
using plan::OwnedClass;

constexpr std::array<std::string_view, 4> kSources = {"public_key", "public_key_file", "txt",
                                                      "cname"};

class SelectorReader {
 public:
  SelectorReader(Declaring& declaring, const Entry& entry)
      : declaring_(declaring),
        entry_(entry),
        block_(entry.value),
        path_("mail.dkim." + entry.key) {}

  void declare() {
    const Node selector{entry_.key + "._domainkey", entry_.key_pos};
    const auto name = declaring_.owner(selector);
    if (!name || !check_sources()) return;
    if (const Node* target = Declaring::text(block_, "cname")) {
      DesiredUnit unit = declaring_.unit(*name, dns::Type::CNAME, OwnedClass::whole, block_, path_);
      const auto host = declaring_.host(*target);
      if (!host) return;
      unit.values = {{dns::Cname{*host}, target->pos}};
      declaring_.add(std::move(unit));
      return tell_selector();
    }
    DesiredUnit unit = declaring_.unit(*name, dns::Type::TXT, OwnedClass::whole, block_, path_);
    const auto text = record(unit);
    if (!text) return;
    unit.values = {{dns::Txt{*text}, source_ == nullptr ? block_.pos : source_->pos}};
    declaring_.add(std::move(unit));
    tell_selector();
  }

 private:
  [[nodiscard]] mail::SelectorState state() const {
    using mail::SelectorState;
    const Node* word = Declaring::text(block_, "state");
    const auto known = word ? mail::parse_selector_state(*word->string()) : std::nullopt;
    return known.value_or(SelectorState::active);
  }

  [[nodiscard]] bool revoked() const { return state() == mail::SelectorState::revoked; }

  void tell_selector() {
    mail::DeclaredSelector selector;
    selector.selector = base::to_lower(entry_.key);
    selector.state = state();
    selector.signer = Declaring::word(block_, "signer", "");
    const Node* said = find_path(block_, {"state"});
    selector.pos = said == nullptr ? entry_.key_pos : said->pos;
    declaring_.mail().selectors.push_back(std::move(selector));
  }

  /// One source of the key, or none for a revoked one.
  bool check_sources() {
    std::string_view key;
    for (const std::string_view candidate : kSources) {
      const Entry* entry = block_.table()->entry(candidate);
      if (entry == nullptr) continue;
      if (source_ != nullptr) {
        return refuse(entry->key_pos, path_ + " has `" + std::string(key) + "` and `" +
                                          std::string(candidate) + "`: one key has one source");
      }
      key = candidate;
      source_ = &entry->value;
    }
    if (source_ == nullptr && !revoked()) {
      declaring_.error("spec-missing-key", entry_.key_pos, path_ + " says no key",
                       "give public_key, public_key_file, txt or cname");
      return false;
    }
    const bool verbatim = key == "txt" || key == "cname";
    if (verbatim && revoked()) {
      return refuse(source_->pos, path_ + " is revoked, and `" + std::string(key) +
                                      "` would publish something else");
    }
    if (verbatim && find_path(block_, {"testing"})) {
      return refuse(source_->pos,
                    path_ + ": `testing` has no effect on `" + std::string(key) + "`");
    }
    return source_ == nullptr || source_->string() != nullptr;
  }

  bool refuse(const base::SourcePos& pos, std::string message) {
    declaring_.error("spec-conflicting-keys", pos, std::move(message), "keep one of them");
    return false;
  }

  std::optional<std::string> record(DesiredUnit& unit) {
    if (const Node* txt = Declaring::text(block_, "txt")) {
      if (!declaring_.check_txt(*txt, *txt->string())) return std::nullopt;
      return *txt->string();
    }
    auto key = revoked() ? std::optional<mail::DkimKey>(mail::DkimKey{}) : published_key();
    if (!key) return std::nullopt;
    const Node* testing = find_path(block_, {"testing"});
    key->testing = testing != nullptr && testing->boolean() != nullptr && *testing->boolean();
    const base::SourcePos& pos = source_ == nullptr ? block_.pos : source_->pos;
    unit.parts = {{"k", pos}, {"p", pos}};
    if (testing != nullptr) unit.parts.emplace_back("t", testing->pos);
    return mail::print_dkim(*key);
  }

  std::optional<mail::DkimKey> published_key() {
    std::string text = *source_->string();
    std::string where = path_ + ".public_key";
    if (Declaring::text(block_, "public_key_file") != nullptr) {
      where = beside(source_->pos, text);
      const auto found = declaring_.key_files().find(where);
      // A file that is not there has been told when the spec was read.
      if (found == declaring_.key_files().end() || !found->second) return std::nullopt;
      text = *found->second;
    }
    auto key = mail::dkim_key_from_text(text);
    if (key) return *key;
    declaring_.error("spec-dkim", source_->pos, where + ": " + key.fault().message,
                     key.fault().hint);
    return std::nullopt;
  }

  Declaring& declaring_;
  const Entry& entry_;
  const Node& block_;
  std::string path_;
  const Node* source_ = nullptr;
};

}  // namespace

void declare_dkim(Declaring& declaring, const Node& mail) {
  const Node* selectors = find_path(mail, {"dkim"});
  if (selectors == nullptr || selectors->table() == nullptr) return;
  for (const Entry& entry : selectors->table()->entries) {
    if (entry.value.table() != nullptr) SelectorReader(declaring, entry).declare();
  }
}

}  // namespace mxsmith::spec
