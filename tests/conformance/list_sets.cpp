// DNS in general: sets of several values, TTLs, and zones of many records.
#include "conformance/story.hpp"

namespace mxsmith::conformance {

namespace {

Group many_values() {
  return Group("Many values at once")
      .state("three of one set", {"www A 1.1.1.1", "www A 2.2.2.2", "www A 3.3.3.3"})
      .state("none", {})
      .state("one", {"www A 1.1.1.1"})
      .state("two", {"www A 1.1.1.1", "www A 2.2.2.2"})
      .state("three", {"www A 1.1.1.1", "www A 2.2.2.2", "www A 3.3.3.3"})
      .same("in another order", {"www A 3.3.3.3", "www A 1.1.1.1", "www A 2.2.2.2"});
}

Group many_types() {
  return Group("Many types at one name")
      .state("three types", {"www A 1.1.1.1", "www MX 5 foo.com.", "www TXT a text"})
      .state("none", {})
      .state("one", {"www A 1.1.1.1"})
      .state("two", {"www A 1.1.1.1", "www MX 5 foo.com."})
      .state("three", {"www A 1.1.1.1", "www MX 5 foo.com.", "www TXT a text"})
      .state("four", {"www A 1.1.1.1", "www MX 5 foo.com.", "www TXT a text", "www AAAA ::1"});
}

Group one_of_many() {
  return Group("One of many")
      .managing("declared")
      .beside({"www TXT a neighbour", "www MX 10 mx.foo.com.", "near A 9.9.9.9"})
      .state("three values", {"www A 1.1.1.1", "www A 2.2.2.2", "www A 3.3.3.3"})
      .state("one changes", {"www A 1.1.1.1", "www A 2.2.2.2", "www A 4.4.4.4"})
      .state("one goes", {"www A 1.1.1.1", "www A 4.4.4.4"})
      .state("one comes", {"www A 1.1.1.1", "www A 4.4.4.4", "www A 5.5.5.5"})
      .state("the first changes", {"www A 9.1.1.1", "www A 4.4.4.4", "www A 5.5.5.5"})
      .state("all change", {"www A 6.6.6.6", "www A 7.7.7.7", "www A 8.8.8.8"});
}

Group ttl() {
  return Group("TTL")
      .state("one TTL", {"www 333 A 1.2.3.4"})
      .state("another", {"www 999 A 1.2.3.4"})
      .same("none said, so it stays", {"www A 1.2.3.4"})
      .state("TTL and value in one step", {"www 1000 A 2.2.2.2"})
      .state("several values", {"www 1000 A 2.2.2.2", "www 1000 A 3.3.3.3"})
      .state("the TTL of several values", {"www 400 A 2.2.2.2", "www 400 A 3.3.3.3"})
      .state("TTL and one of the values", {"www 500 A 2.2.2.2", "www 500 A 4.4.4.4"})
      .state("TTL and one value more",
             {"www 600 A 2.2.2.2", "www 600 A 4.4.4.4", "www 600 A 5.5.5.5"})
      .state("TTL and one value less", {"www 700 A 2.2.2.2", "www 700 A 5.5.5.5"});
}

/// Where 1 is too low, the least that can be stored is used and the plan says so.
Group low_ttl() {
  return Group("TTL below the provider's minimum")
      .state("a TTL of 1", {"www 1 A 1.2.3.4"})
      .same("again", {"www 1 A 1.2.3.4"})
      .state("a day", {"www 86400 A 1.2.3.4"})
      .state("and 1 once more", {"www 1 A 1.2.3.4"});
}

Group mixed_ttl() {
  return Group("TTLs that differ at one name")
      .state("each type has its own", {"www 300 A 1.2.3.4", "www 600 TXT a text"})
      .state("swapped", {"www 600 A 1.2.3.4", "www 300 TXT a text"});
}

// --- paging and batches ---

std::string number_line(std::size_t number, const std::string& network) {
  const std::string high = std::to_string(number / 250);
  const std::string low = std::to_string(number % 250 + 1);
  return "rec" + std::to_string(number) + " 300 A " + network + "." + high + "." + low;
}

std::vector<std::string> numbered(std::size_t from, std::size_t to, const std::string& network) {
  std::vector<std::string> lines;
  lines.reserve(to - from);
  for (std::size_t i = from; i < to; ++i) lines.push_back(number_line(i, network));
  return lines;
}

/// A third keeps its address, a third gets another, a third goes, and as many are new.
std::vector<std::string> stirred(std::size_t count) {
  auto lines = numbered(0, count / 3, "192.1");
  for (auto& line : numbered(count / 3, 2 * count / 3, "10.2")) lines.push_back(std::move(line));
  for (auto& line : numbered(count, count + count / 3, "10.3")) lines.push_back(std::move(line));
  return lines;
}

Group of_size(std::size_t count) {
  const std::string name = std::to_string(count) + " records";
  return Group("Paging and batches: " + name)
      .state(name, numbered(0, count, "10.1"))
      .state("all changed", numbered(0, count, "192.1"))
      .state("some changed, some added, some gone", stirred(count));
}

}  // namespace

std::vector<Group> set_groups() {
  return {many_values(), many_types(), one_of_many(), ttl(), low_ttl(), mixed_ttl()};
}

std::vector<Group> size_groups() {
  return {of_size(99), of_size(100), of_size(101), of_size(601), of_size(1201)};
}

}  // namespace mxsmith::conformance
