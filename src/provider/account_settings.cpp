#include "provider/account_settings.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mxsmith::provider {

void refuse_setting(const base::SourcePos& pos, const std::string& message) {
  const std::string place = pos.text();
  throw base::Error(base::ErrorKind::usage, place.empty() ? message : place + ": " + message);
}

void refuse_unknown_settings(const base::Account& account, std::span<const std::string> known) {
  for (const auto& [name, setting] : account.settings) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto meant = base::did_you_mean(name, known);
    refuse_setting(setting.pos, "a " + account.type + " account has no setting `" + name + "`" +
                                    (meant ? "; did you mean `" + *meant + "`?" : ""));
  }
}

const std::string* text_setting(const base::Account& account, const std::string& name) {
  const auto found = account.settings.find(name);
  if (found == account.settings.end()) return nullptr;
  const auto* text = std::get_if<std::string>(&found->second.value);
  if (text == nullptr) refuse_setting(found->second.pos, "`" + name + "` takes a string");
  if (text->empty()) refuse_setting(found->second.pos, "`" + name + "` is empty");
  return text;
}

}  // namespace mxsmith::provider
