// mail.spf: the whole record from its keys, or terms that are merged into the live one.

#include <algorithm>
#include <array>
#include <utility>

#include "spec/declaring.hpp"
#include "spec/spf_keys.hpp"

namespace mxsmith::spec {

namespace {

using plan::DesiredUnit;
using plan::OwnedClass;

class SpfReader {
 public:
  SpfReader(Declaring& declaring, const Node& block)
      : declaring_(declaring),
        block_(block),
        merges_(Declaring::word(block, "mode", "exact") == "merge") {}

  void declare() {
    const Node* name_node = Declaring::text(block_, "name");
    const auto name = name_node ? declaring_.owner(*name_node) : declaring_.zone();
    if (!name) return;
    DesiredUnit unit = declaring_.unit(*name, dns::Type::TXT, OwnedClass::spf, block_, "mail.spf");
    const Node* record = Declaring::text(block_, "record");
    if (record != nullptr) {
      whole_record(*record, unit);
    } else {
      read_terms();
      merges_ ? merged(unit) : exact(unit);
    }
    if (!failed_) declaring_.add(std::move(unit));
  }

 private:
  void fail(const base::SourcePos& pos, std::string message, std::string hint = {}) {
    failed_ = true;
    declaring_.error("spec-spf", pos, std::move(message), std::move(hint));
  }

  void whole_record(const Node& record, DesiredUnit& unit) {
    constexpr std::array<std::string_view, 3> kBeside = {"record", "name", "ttl"};
    for (const Entry& entry : block_.table()->entries) {
      const bool fits = std::find(kBeside.begin(), kBeside.end(), entry.key) != kBeside.end() ||
                        (entry.key == "mode" && !merges_);
      if (fits) continue;
      failed_ = true;
      declaring_.error(
          "spec-conflicting-keys", entry.key_pos,
          "mail.spf has `record`, which is the whole text, and `" + entry.key + "` beside it",
          "keep `record` alone, or the other keys");
    }
    const std::string& text = *record.string();
    const auto parsed = mail::parse_spf(text);
    if (!parsed) {
      return fail(record.at(parsed.fault().offset), "mail.spf.record: " + parsed.fault().message,
                  parsed.fault().hint);
    }
    for (const mail::SpfTerm& term : parsed->terms) {
      const std::size_t offset = text.find(term.text);
      unit.parts.emplace_back(term.identity(), record.at(offset == std::string::npos ? 0 : offset));
    }
    unit.values = {{dns::Txt{text}, record.pos}};
  }

  void read_terms() {
    for (const std::string_view key : kSpfLists) {
      const Node* node = find_path(block_, {key});
      if (node == nullptr) continue;
      if (const bool* bare = node->boolean()) {
        if (*bare) add(spf_term_text(key), *node);
      } else if (node->array() != nullptr) {
        for (const Node& element : *node->array()) {
          if (element.string()) add(spf_term_text(key, *element.string()), element);
        }
      }
    }
  }

  void add(const std::string& text, const Node& node) {
    auto term = mail::parse_spf_term(text);
    if (!term) {
      return fail(node.pos, "the SPF term " + in_quotes(text) + ": " + term.fault().message,
                  term.fault().hint);
    }
    const std::string id = term->identity();
    const auto known = std::find_if(parts_.begin(), parts_.end(),
                                    [&](const auto& part) { return part.first == id; });
    if (known != parts_.end()) {
      failed_ = true;
      base::Diagnostic diagnostic{base::Severity::error,
                                  "spec-spf",
                                  "the SPF term " + in_quotes(text) + " stands twice",
                                  {},
                                  node.pos};
      diagnostic.notes.push_back({"the other one", known->second});
      declaring_.add(std::move(diagnostic));
      return;
    }
    parts_.emplace_back(id, node.pos);
    terms_.push_back(std::move(*term));
  }

  [[nodiscard]] bool has(std::string_view name) const {
    return std::any_of(terms_.begin(), terms_.end(),
                       [&](const mail::SpfTerm& term) { return term.name == name; });
  }

  [[nodiscard]] std::optional<mail::SpfQualifier> all() const {
    const Node* word = Declaring::text(block_, "all");
    return word == nullptr ? std::nullopt : mail::parse_qualifier_word(*word->string());
  }

  void exact(DesiredUnit& unit) {
    const Node* redirect = Declaring::text(block_, "redirect");
    const Node* all_word = find_path(block_, {"all"});
    if (redirect != nullptr && (all_word != nullptr || has("all"))) {
      fail(redirect->pos, "mail.spf has `redirect` and `all`: with `all` nothing is redirected",
           "keep one of them (RFC 7208 section 6.1)");
    }
    if (all_word != nullptr && has("all")) {
      fail(all_word->pos, "mail.spf says `all` twice, once in `terms`", "keep one of them");
    }
    if (redirect != nullptr) add("redirect=" + *redirect->string(), *redirect);
    const bool ended = has("all") || has("redirect");
    if (all_word != nullptr || !ended) {
      const char sign = mail::qualifier_sign(all().value_or(mail::SpfQualifier::softfail));
      add(std::string(1, sign) + "all", all_word != nullptr ? *all_word : block_);
    }
    if (const Node* exp = Declaring::text(block_, "exp")) add("exp=" + *exp->string(), *exp);
    mail::SpfRecord record;
    record.terms = terms_;
    unit.values = {{dns::Txt{record.text()}, block_.pos}};
    unit.parts = std::move(parts_);
  }

  void merged(DesiredUnit& unit) {
    for (const std::string_view key : {"redirect", "exp"}) {
      const Node* node = find_path(block_, {key});
      if (node == nullptr) continue;
      fail(node->pos, "mail.spf in mode merge cannot set `" + std::string(key) + "`",
           "mode = \"exact\" gives the whole record");
    }
    for (const std::string_view name : {"all", "redirect"}) {
      if (!has(name)) continue;
      fail(block_.pos, "mail.spf in mode merge cannot add `" + std::string(name) + "` by `terms`",
           "`all = \"fail\"` sets the live record's `all`");
    }
    plan::SpfDeclaration declaration;
    declaration.merges = true;
    declaration.merge.all = all();
    declaration.merge.add = std::move(terms_);
    unit.spf = std::move(declaration);
    unit.parts = std::move(parts_);
    if (const Node* word = find_path(block_, {"all"})) unit.parts.emplace_back("all", word->pos);
  }

  Declaring& declaring_;
  const Node& block_;
  bool merges_;
  bool failed_ = false;
  std::vector<mail::SpfTerm> terms_;
  std::vector<std::pair<std::string, base::SourcePos>> parts_;
};

}  // namespace

void declare_spf(Declaring& declaring, const Node& mail) {
  const Node* block = find_path(mail, {"spf"});
  if (block != nullptr && block->table() != nullptr) SpfReader(declaring, *block).declare();
}

}  // namespace mxsmith::spec
