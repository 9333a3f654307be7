// The impact block: where mail goes, who may send, which keys and policies change.
#include <algorithm>

#include "base/text.hpp"
#include "cli/render/impact_words.hpp"
#include "cli/render/text.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

namespace {

using Items = std::vector<Page::Item>;

Line labelled(std::string_view label, std::string_view when) {
  Line line;
  line.text(label, Ink::bold);
  if (!when.empty()) line.column(kLabelColumn).text(when, Ink::dim);
  return line;
}

Items items_of(const std::vector<std::string>& texts) {
  Items items;
  for (const auto& text : texts) items.push_back({safe(text)});
  if (items.empty()) items.push_back({"nobody: no MX record", Ink::red});
  return items;
}

void put_inbound(Page& page, const plan::ZonePlan& plan) {
  const auto& inbound = plan.impact.inbound;
  if (!inbound.changes) {
    if (inbound.now.empty()) return;
    page.wrapped(labelled("Inbound mail", "stays"), kImpactColumn, items_of(inbound.now), ", ");
    return;
  }
  page.wrapped(labelled("Inbound mail", "now"), kImpactColumn, items_of(inbound.now), ", ");
  page.wrapped(labelled("", "after"), kImpactColumn, items_of(inbound.after), ", ");
  if (inbound.now.empty() || inbound.old_ttl == 0) return;
  const base::Seconds ttl(inbound.old_ttl);
  page.paragraph(labelled("", ""), kLabelColumn,
                 "senders may use the old hosts until " +
                     base::print_instant_local(plan.made_at + ttl, base::WithDate::no) + " (TTL " +
                     base::print_duration_words(ttl) + "): keep them running");
}

/// "rest: REJECTED   (-all)" as the right-hand end of a line.
void put_senders(Page& page, const Line& start, const Items& items, std::string_view all) {
  const AllWords words = all_words(all);
  std::string rest = "rest: " + words.meaning;
  rest.resize(std::max<std::size_t>(rest.size(), 16), ' ');
  if (!words.term.empty()) rest += " " + words.term;
  page.wrapped(start, kImpactColumn, items, ", ", rest);
}

void put_sending(Page& page, const plan::ZonePlan& plan) {
  const auto& sending = plan.impact.sending;
  Items now;
  for (const auto& sender : sending.now) now.push_back({safe(sender)});
  if (now.empty() && sending.all_now != "none") now.push_back({"nobody by name"});
  if (!sending.changes) {
    if (sending.all_now == "none") return;
    put_senders(page, labelled("Who may send", "stays"), now, sending.all_now);
    return;
  }
  put_senders(page, labelled("Who may send", "now"), now, sending.all_now);
  Items after;
  for (const auto& sender : sending.gains) after.push_back({"+ " + safe(sender), Ink::green});
  for (const auto& sender : sending.loses) after.push_back({"- " + safe(sender), Ink::red});
  if (after.empty()) after.push_back({"the same"});
  put_senders(page, labelled("", "after"), after, sending.all_after);

  page.paragraph(labelled("", ""), kLabelColumn, safe(sending_words(sending)),
                 sending.loses.empty() ? Ink::plain : Ink::yellow);
}

Ink ink_of(char sign) {
  return sign == '+' ? Ink::green : sign == '-' ? Ink::red : sign == '~' ? Ink::yellow : Ink::plain;
}

/// What the lines tell of a policy is not told by its direction again.
std::string policy_words(const plan::Impact& impact, const plan::Impact::Policy& policy) {
  std::string words = safe(policy.now.empty() ? "none" : policy.now) + " -> " +
                      safe(policy.after.empty() ? "none" : policy.after);
  if (policy.direction > 0) words += ", " + safe(stricter_words(impact, policy));
  if (policy.direction < 0 && !has_weaker_line(impact, policy.what)) words += ", WEAKER";
  return words;
}

Ink policy_ink(const plan::Impact::Policy& policy) {
  return policy.direction < 0 ? Ink::red : Ink::plain;
}

Line key_line(const plan::Impact::Key& key, std::string_view label) {
  Line line = labelled(label, "");
  line.column(kLabelColumn)
      .text(std::string(1, key.sign) + " ", ink_of(key.sign))
      .text("selector " + safe(key.selector) + ", " + safe(key.text));
  return line;
}

/// Keys at the left, policies at the right of the same lines where both fit.
void put_keys_and_policies(Page& page, const plan::ZonePlan& plan) {
  const auto& policies = plan.impact.policies;
  std::vector<Line> lines;
  std::size_t right = 0;
  lines.reserve(plan.impact.keys.size());
  for (const auto& key : plan.impact.keys) {
    if (has_weaker_line(plan.impact, key_subject(key))) continue;
    lines.push_back(key_line(key, lines.empty() ? "Signing" : ""));
    right = std::max(right, lines.back().width() + 4);
  }
  std::size_t shown = 0;
  for (Line& line : lines) {
    if (shown < policies.size()) {
      Line both = line;
      both.column(right).text(safe(policies[shown].what) + "   ", Ink::bold);
      both.text(policy_words(plan.impact, policies[shown]), policy_ink(policies[shown]));
      if (both.width() <= page.width()) {
        line = both;
        ++shown;
      }
    }
    page.add(line);
  }
  for (std::size_t i = shown; i < policies.size(); ++i) {
    Line start = labelled(i == shown ? "Policies" : "", "");
    start.column(kLabelColumn).text(safe(policies[i].what) + "   ", Ink::bold);
    page.paragraph(start, start.width(), policy_words(plan.impact, policies[i]),
                   policy_ink(policies[i]));
  }
}

/// What protects less afterwards is what has to be known first.
void put_weaker(Page& page, const plan::Impact& impact) {
  bool first = true;
  for (const auto& words : weaker_words(impact)) {
    Line start;
    if (first) start.text("Weaker", Ink::red);
    page.paragraph(start, kLabelColumn, safe(words), Ink::red);
    first = false;
  }
}

/// Mail and senders of other names than the zone's own.
void put_elsewhere(Page& page, const plan::Impact& impact) {
  bool first = true;
  for (const auto& words : elsewhere_words(impact)) {
    page.paragraph(labelled(first ? "Also" : "", ""), kLabelColumn, safe(words));
    first = false;
  }
}

}  // namespace

void put_impact(Page& page, const plan::ZonePlan& plan, Unchanged unchanged) {
  const bool all = unchanged == Unchanged::shown;
  put_weaker(page, plan.impact);
  if (all || plan.impact.inbound.changes) put_inbound(page, plan);
  if (all || plan.impact.sending.changes) put_sending(page, plan);
  put_elsewhere(page, plan.impact);
  put_keys_and_policies(page, plan);
}

}  // namespace mxsmith::cli::render
