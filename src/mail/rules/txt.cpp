// The rules about TXT records, whatever they are for.
#include <vector>

#include "mail/rules/txt_rows.hpp"

namespace mxsmith::mail {

std::span<const Rule> txt_rules() {
  static const std::vector<Rule> kAll = [] {
    std::vector<Rule> rules;
    for (const auto rows : {txt_value_rules(), txt_name_rules()}) {
      rules.insert(rules.end(), rows.begin(), rows.end());
    }
    return rules;
  }();
  return kAll;
}

}  // namespace mxsmith::mail
