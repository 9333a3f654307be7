// mail.bimi: a TXT for the default selector and for each named one.

#include <utility>

#include "mail/bimi.hpp"
#include "spec/declaring.hpp"

namespace mxsmith::spec {

namespace {

using plan::DesiredUnit;
using plan::OwnedClass;

bool is_true(const Node& block, std::string_view key) {
  const Node* node = find_path(block, {key});
  return node != nullptr && node->boolean() != nullptr && *node->boolean();
}

/// The record, or nothing after a diagnostic.
std::optional<mail::BimiRecord> record_of(Declaring& declaring, const Node& block,
                                          const std::string& path) {
  mail::BimiRecord record;
  const Node* location = Declaring::text(block, "location");
  const Node* authority = Declaring::text(block, "authority");
  if (is_true(block, "decline")) {
    const Node* other = location != nullptr ? location : authority;
    if (other == nullptr) return record;
    declaring.error("spec-conflicting-keys", other->pos,
                    path + " declines to have a logo shown, and names one", "keep one of them");
    return std::nullopt;
  }
  if (location == nullptr) {
    declaring.error("spec-missing-key", block.pos, "[" + path + "] says no `location`",
                    "location = \"https://example.com/logo.svg\", or decline = true");
    return std::nullopt;
  }
  record.location = *location->string();
  if (authority != nullptr) record.authority = *authority->string();
  record.avatar = Declaring::word(block, "avatar", "");
  return record;
}

/// Whether receivers would use it; faults are told at the key they are about.
bool check_record(Declaring& declaring, const Node& block, const std::string& text) {
  const auto reading = mail::read_bimi(text);
  for (const mail::Finding& finding : reading.findings.all()) {
    if (finding.severity != base::Severity::error) continue;
    const bool authority = text.find("; a=") < finding.at.offset;
    const Node* part = Declaring::text(block, authority ? "authority" : "location");
    declaring.error("spec-bimi", part == nullptr ? block.pos : part->pos, finding.message,
                    finding.hint);
  }
  return !reading.findings.has_errors();
}

void declare_logo(Declaring& declaring, const Node& block, const std::string& selector,
                  const base::SourcePos& named_at, const std::string& path) {
  const auto record = record_of(declaring, block, path);
  if (!record) return;
  const auto name = declaring.owner(Node{selector + "._bimi", named_at});
  const std::string text = mail::print_bimi(*record);
  if (!name || !check_record(declaring, block, text)) return;
  DesiredUnit unit = declaring.unit(*name, dns::Type::TXT, OwnedClass::bimi, block, path);
  unit.values = {{dns::Txt{text}, block.pos}};
  if (const Node* location = Declaring::text(block, "location")) {
    unit.parts.emplace_back("l", location->pos);
  }
  if (const Node* authority = Declaring::text(block, "authority")) {
    unit.parts.emplace_back("a", authority->pos);
  }
  declaring.add(std::move(unit));
}

/// A block that holds nothing but other selectors says nothing of the default one.
bool speaks_of_default(const Node& block) {
  for (const Entry& entry : block.table()->entries) {
    if (entry.key != "selector") return true;
  }
  return block.table()->entries.empty();
}

}  // namespace

void declare_bimi(Declaring& declaring, const Node& mail) {
  const Node* block = Declaring::block(mail, "bimi");
  if (block == nullptr) return;
  if (speaks_of_default(*block)) {
    declare_logo(declaring, *block, "default", block->pos, "mail.bimi");
  }
  const Node* named = Declaring::block(*block, "selector");
  if (named == nullptr) return;
  for (const Entry& entry : named->table()->entries) {
    if (entry.value.table() == nullptr) continue;
    declare_logo(declaring, entry.value, entry.key, entry.key_pos,
                 "mail.bimi.selector." + entry.key);
  }
}

}  // namespace mxsmith::spec
