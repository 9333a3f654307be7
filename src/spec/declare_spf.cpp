// mail.spf and the terms of services: the whole record, or terms that are merged into the live one.

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "spec/services.hpp"
#include "spec/spf_keys.hpp"

namespace mxsmith::spec {

namespace {

using plan::DesiredUnit;
using plan::OwnedClass;

class SpfReader {
 public:
  SpfReader(Declaring& declaring, const Node& block, const ServiceSpf& services)
      : declaring_(declaring),
        block_(block),
        services_(services),
        merges_(Declaring::word(block, "mode", "exact") == "merge") {}

  /// The name it stands at; nothing after an error.
  std::optional<dns::Name> declare() {
    const Node* name_node = Declaring::text(block_, "name");
    auto name = name_node ? declaring_.owner(*name_node) : declaring_.zone();
    if (!name) return std::nullopt;
    name_ = *name;
    DesiredUnit unit = declaring_.unit(*name, dns::Type::TXT, OwnedClass::spf, block_, "mail.spf");
    const Node* record = Declaring::text(block_, "record");
    if (record != nullptr) {
      whole_record(*record, unit);
    } else {
      read_terms();
      join_services();
      merges_ ? merged(unit) : exact(unit);
    }
    if (!failed_) declaring_.add(std::move(unit));
    return name;
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
    check_services_in(*parsed, record);
  }

  /// A whole record stays as it is written, so it has to have the services' terms itself.
  void check_services_in(const mail::SpfRecord& record, const Node& node) {
    for (const ServiceSpf::Term& wanted : services_.terms) {
      if (wanted.name != name_) continue;
      const bool there = std::any_of(
          record.terms.begin(), record.terms.end(),
          [&](const mail::SpfTerm& term) { return term.identity() == wanted.term.identity(); });
      if (there) continue;
      failed_ = true;
      base::Diagnostic diagnostic{
          base::Severity::error, "spec-spf",
          "mail.spf.record lacks " + wanted.term.text + ", by which " + wanted.service + " sends",
          "put it into the record, or leave SPF away in the service: without = [\"spf\"]",
          node.pos};
      diagnostic.notes.push_back({wanted.service + " is declared here", wanted.pos});
      declaring_.add(std::move(diagnostic));
    }
  }

  /// Terms of services go behind those of the spec, which count where both have one, and before an
  /// `all` or a redirect, behind which nothing is looked at.
  void join_services() {
    auto at = std::find_if(terms_.begin(), terms_.end(), [](const mail::SpfTerm& term) {
      return term.name == "all" || term.name == "redirect";
    });
    for (const ServiceSpf::Term& one : services_.terms) {
      const std::string id = one.term.identity();
      const bool known = std::any_of(parts_.begin(), parts_.end(),
                                     [&](const auto& part) { return part.first == id; });
      if (known || one.name != name_) continue;
      parts_.emplace_back(id, one.pos);
      at = std::next(terms_.insert(at, one.term));
    }
  }

  void read_terms() {
    for (const std::string_view key : kSpfLists) {
      const Node* node = find_path(block_, {key});
      if (node == nullptr) continue;
      if (const bool* bare = node->boolean()) {
        if (*bare) add(spf_term_text(key), *node);
      } else if (node->array() != nullptr) {
        for (const Node& element : *node->array()) {
          if (element.string()) add_element(key, *element.string(), element);
        }
      }
    }
  }

  /// Services print terms in many ways, and people paste them: a whole record or several terms in
  /// `terms`, a term with its name where only the value is wanted.
  void add_element(std::string_view key, const std::string& text, const Node& node) {
    const std::string name = std::string(key) + ":";
    const bool named = base::equals_ignoring_case(text.substr(0, name.size()), name);
    if (key != "terms" && !named) return add(spf_term_text(key, text), node);
    const auto terms = mail::parse_spf_terms(text);
    if (!terms) {
      return fail(node.pos, "the SPF term " + in_quotes(text) + ": " + terms.fault().message,
                  terms.fault().hint);
    }
    for (const mail::SpfTerm& term : *terms) add(term.text, node);
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
      const auto asked = services_.weakest(name_).value_or(mail::SpfQualifier::softfail);
      const char sign = mail::qualifier_sign(all().value_or(asked));
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
  const ServiceSpf& services_;
  dns::Name name_;
  bool merges_;
  bool failed_ = false;
  std::vector<mail::SpfTerm> terms_;
  std::vector<std::pair<std::string, base::SourcePos>> parts_;
};

/// A record that services alone ask for.
void declare_service_record(Declaring& declaring, const dns::Name& name,
                            const ServiceSpf& services) {
  mail::SpfRecord record;
  DesiredUnit unit;
  for (const ServiceSpf::Term& one : services.terms) {
    if (one.name != name) continue;
    const std::string id = one.term.identity();
    const bool known = std::any_of(unit.parts.begin(), unit.parts.end(),
                                   [&](const auto& part) { return part.first == id; });
    if (known) continue;
    if (record.terms.empty()) {
      const Node no_block{Table{}, one.pos};
      unit = declaring.unit(name, dns::Type::TXT, OwnedClass::spf, no_block,
                            "mail.service." + one.service);
    }
    unit.parts.emplace_back(id, one.pos);
    record.terms.push_back(one.term);
  }
  const auto all = services.weakest(name).value_or(mail::SpfQualifier::softfail);
  record.terms.push_back(*mail::parse_spf_term(std::string(1, mail::qualifier_sign(all)) + "all"));
  unit.parts.emplace_back("all", unit.pos);
  unit.values = {{dns::Txt{record.text()}, unit.pos}};
  declaring.add(std::move(unit));
}

}  // namespace

void declare_spf(Declaring& declaring, const Node* mail, const ServiceSpf& services) {
  const Node* block = mail == nullptr ? nullptr : find_path(*mail, {"spf"});
  std::vector<dns::Name> done;
  if (block != nullptr && block->table() != nullptr) {
    const auto name = SpfReader(declaring, *block, services).declare();
    done.push_back(name.value_or(declaring.zone()));
  }
  for (const ServiceSpf::Term& one : services.terms) {
    if (std::find(done.begin(), done.end(), one.name) != done.end()) continue;
    done.push_back(one.name);
    declare_service_record(declaring, one.name, services);
  }
}

}  // namespace mxsmith::spec
