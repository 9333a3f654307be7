// Reading JSON strictly: one object's members, each of the type that is expected, and none besides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/parsed.hpp"

namespace mxsmith::plan::reading {

using Json = nlohmann::json;

/// The first thing that is wrong; whatever is read after it is of no use and not looked at.
struct Problem {
  std::optional<base::Fault> fault;

  void tell(const std::string& where, const std::string& what, const std::string& hint = {}) {
    if (!fault) fault = base::Fault{where.empty() ? what : where + ": " + what, hint, 0};
  }
};

/// The members of one object. Each is asked for once; done() refuses the ones nobody asked for.
class Fields {
 public:
  Fields(const Json& json, std::string where, Problem& problem)
      : json_(json), where_(std::move(where)), problem_(problem) {
    if (!json.is_object()) problem.tell(where_, "an object is expected");
  }

  [[nodiscard]] std::string place(const char* key) const {
    return where_.empty() ? key : where_ + "." + key;
  }
  [[nodiscard]] Problem& problem() const { return problem_; }

  /// Null when it is not there.
  const Json* find(const char* key) {
    asked_.insert(key);
    if (!json_.is_object()) return nullptr;
    const auto found = json_.find(key);
    return found == json_.end() ? nullptr : &*found;
  }
  const Json& need(const char* key) {
    static const Json kNothing;
    const Json* found = find(key);
    if (found == nullptr) problem_.tell(where_, std::string("\"") + key + "\" is missing");
    return found == nullptr ? kNothing : *found;
  }

  std::string text(const char* key) {
    const Json& value = need(key);
    if (value.is_string()) return value.get<std::string>();
    problem_.tell(place(key), "a string is expected");
    return {};
  }
  bool flag(const char* key) {
    const Json& value = need(key);
    if (value.is_boolean()) return value.get<bool>();
    problem_.tell(place(key), "true or false is expected");
    return false;
  }
  std::uint64_t number(const char* key, std::uint64_t most) {
    const Json& value = need(key);
    if (value.is_number_unsigned() && value.get<std::uint64_t>() <= most) {
      return value.get<std::uint64_t>();
    }
    problem_.tell(place(key), "a whole number from 0 to " + std::to_string(most) + " is expected");
    return 0;
  }
  std::size_t size(const char* key) {
    return static_cast<std::size_t>(number(key, std::numeric_limits<std::size_t>::max() / 2));
  }
  base::Instant instant(const char* key) {
    const auto when = base::parse_instant(text(key));
    if (when) return *when;
    problem_.tell(place(key), when.fault().message);
    return {};
  }
  /// `read(Json, place)` for each element.
  template <class Read>
  void each(const char* key, Read read) {
    const Json& array = need(key);
    if (!array.is_array()) {
      problem_.tell(place(key), "an array is expected");
      return;
    }
    for (std::size_t i = 0; i < array.size() && !problem_.fault; ++i) {
      read(array[i], place(key) + "[" + std::to_string(i) + "]");
    }
  }
  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> list;
    each(key, [&](const Json& one, const std::string& where) {
      if (one.is_string()) {
        list.push_back(one.get<std::string>());
      } else {
        problem_.tell(where, "a string is expected");
      }
    });
    return list;
  }
  Fields object(const char* key) { return {need(key), place(key), problem_}; }

  void done() {
    if (!json_.is_object()) return;
    for (const auto& [key, value] : json_.items()) {
      if (asked_.count(key) == 0) problem_.tell(where_, "unknown key \"" + key + "\"");
    }
  }

 private:
  const Json& json_;
  std::string where_;
  Problem& problem_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace mxsmith::plan::reading
