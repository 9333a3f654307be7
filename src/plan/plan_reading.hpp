// Reading the parts of a plan from JSON, for plan_file_read.cpp. Private to
// src/plan/plan_*read*.cpp.
//
// Every function reads on after a fault, whose words the Problem keeps; what is read then is of no
// use.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "plan/plan_fields.hpp"

namespace mxsmith::plan::reading {

base::SourcePos read_pos(Fields& fields);
dns::Name read_name(Fields& fields, const char* key);
dns::Key read_key(Fields& fields);
std::vector<dns::Rdata> read_values(Fields& fields, dns::Type type);
Unit read_unit(Fields& fields);
Change read_change(const Json& json, const std::string& where, Problem& problem);
Step read_step(const Json& json, const std::string& where, Problem& problem);
Gap read_gap(const Json& json, const std::string& where, Problem& problem);
Impact read_impact(Fields fields);

/// Every element of an array by its own reader.
template <class T>
std::vector<T> read_list(Fields& fields, const char* key,
                         T (*read)(const Json&, const std::string&, Problem&)) {
  std::vector<T> list;
  fields.each(key, [&](const Json& one, const std::string& where) {
    list.push_back(read(one, where, fields.problem()));
  });
  return list;
}

}  // namespace mxsmith::plan::reading
