// Scope: what is ignored, what belongs to others, and changes right beside it.
#include "base/text.hpp"
#include "conformance/story.hpp"

namespace mxsmith::conformance {

namespace {

/// An [[ignore]] entry; empty parts are left out.
struct Rule {
  std::string name;
  std::string type = {};
  std::string value = {};
};

std::string ignoring(const std::vector<Rule>& rules) {
  std::string text;
  for (const Rule& rule : rules) {
    text += "\n[[ignore]]\nname = \"" + rule.name + "\"\n";
    if (!rule.type.empty()) text += "type = \"" + rule.type + "\"\n";
    if (!rule.value.empty()) text += "value = \"" + rule.value + "\"\n";
  }
  return text;
}

/// `manage = "zone"` deletes whatever is neither declared nor ignored, so each of these would show
/// an ignored record that is not seen as one.
Group ignored(const std::string& how, const std::vector<std::string>& lines,
              const std::vector<Rule>& rules) {
  const std::string rule = ignoring(rules);
  Group group = Group("Ignore " + how).beside(lines).same("nothing declared", {}).with(rule);
  if (rules.front().name == "**" && rules.front().value.empty()) {
    return group.state("declared all the same", {"unrelated A 1.2.3.4"})
        .with(rule)
        .is_refused("is ignored and declared");
  }
  return group.state("an unrelated record comes", {"unrelated A 1.2.3.4"})
      .with(rule)
      .state("it changes", {"unrelated A 4.3.2.1"})
      .with(rule)
      .state("and goes", {})
      .with(rule);
}

/// Every combination of name, type and value, each as it is and as a pattern.
std::vector<Group> combinations() {
  const std::vector<std::string> lines = {"ign.sub A 1.1.1.1", "ign.sub A 1.1.1.2"};
  const std::string literal = "1.1.1.1";
  std::vector<Group> groups;
  const std::vector<std::pair<std::string, std::string>> names = {
      {"ign.sub", "by name"}, {"*.sub", "by a pattern of names"}, {"**", "at all names"}};
  for (const auto& [name, words] : names) {
    for (const std::string type : {"", "A"}) {
      for (const std::string value : {"", literal.c_str(), "1.1.1.*"}) {
        const bool one = value == literal;
        std::string how = words;
        if (!type.empty()) how += ", by type";
        if (!value.empty()) how += one ? ", by value" : ", by a pattern of values";
        groups.push_back(
            ignored(how, one ? std::vector{lines.front()} : lines, {{name, type, value}}));
      }
    }
  }
  return groups;
}

Group by_several_rules() {
  return ignored("by several rules",
                 {"a A 1.1.1.1", "b TXT keep=this", "_acme-challenge.www TXT token",
                  "deep.er.x MX 5 foo.com."},
                 {{"a"}, {"*", "TXT", "keep=*"}, {"**.x"}, {"_acme-challenge.**"}});
}

Group everything() {
  const std::string rule = ignoring({{"**"}});
  return Group("Everything ignored")
      .beside({"@ MX 10 mx.foo.com.", "@ TXT v=spf1 -all", "www A 1.1.1.1", "a.b.c CNAME foo.com."})
      .same("no request that writes is sent", {})
      .with(rule)
      .same("nor a second time", {})
      .with(rule);
}

Group another_name() {
  const std::string rule = ignoring({{"other"}});
  return Group("A change while another name is ignored")
      .beside({"other A 1.1.1.1", "other A 1.1.1.2"})
      .state("a value", {"www A 2.2.2.2", "www A 3.3.3.3"})
      .with(rule)
      .state("one of them changes", {"www A 2.2.2.2", "www A 4.4.4.4"})
      .with(rule)
      .state("one of them goes", {"www A 4.4.4.4"})
      .with(rule);
}

Group other_types() {
  const std::string rule = ignoring({{"www", "TXT"}, {"www", "MX"}});
  return Group("A change while the other types at the name are ignored")
      .beside({"www TXT of others", "www TXT and more", "www MX 5 foo.com."})
      .state("a value", {"www A 2.2.2.2", "www A 3.3.3.3"})
      .with(rule)
      .state("one of them changes", {"www A 2.2.2.2", "www A 4.4.4.4"})
      .with(rule)
      .state("one of them goes", {"www A 4.4.4.4"})
      .with(rule);
}

Group other_value() {
  const std::string rule = ignoring({{"www", "A", "9.9.9.*"}});
  return Group("A change while another value of the set is ignored")
      .beside({"www A 9.9.9.9"})
      .state("a value", {"www A 2.2.2.2", "www A 3.3.3.3"})
      .with(rule)
      .state("one of them changes", {"www A 2.2.2.2", "www A 4.4.4.4"})
      .with(rule)
      .state("one of them goes", {"www A 4.4.4.4"})
      .with(rule)
      .state("all of ours go", {})
      .with(rule);
}

Group other_text() {
  const std::string rule = ignoring({{"@", "TXT", "token=*"}});
  return Group("A text changes while another of the set is ignored")
      .beside({"@ TXT token=abc", "@ TXT token=def"})
      .state("a text", {"@ TXT ours=1"})
      .with(rule)
      .state("it changes", {"@ TXT ours=2"})
      .with(rule)
      .state("it goes", {})
      .with(rule);
}

/// Without `manage = "zone"` nothing is touched that was never declared.
Group not_declared() {
  return Group("What is not declared stays")
      .managing("declared")
      .beside({"www TXT of others", "@ MX 10 mx.foo.com.", "@ TXT token=abc", "cd CNAME foo.com.",
               "* A 9.9.9.9"})
      .state("a record", {"www A 1.2.3.4"})
      .state("it changes", {"www A 4.3.2.1"})
      .state("a text beside the others'", {"www A 4.3.2.1", "www TXT ours"})
      .state("it changes", {"www A 4.3.2.1", "www TXT ours, too"})
      .state("all of ours go", {});
}

}  // namespace

std::vector<Group> scope_groups() {
  std::vector<Group> groups = combinations();
  for (Group& group :
       std::vector<Group>{by_several_rules(), everything(), another_name(), other_types(),
                          other_value(), other_text(), not_declared()}) {
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace mxsmith::conformance
