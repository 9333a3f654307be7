// Reading an account's settings, as every provider does it: the same words for the same mistakes,
// each with the place in the project file.
#pragma once

#include <span>
#include <string>

#include "base/diagnostic.hpp"
#include "base/settings.hpp"

namespace mxsmith::provider {

/// Throws Error{usage}: "mxsmith.toml:3:1: MESSAGE", without the place where there is none.
[[noreturn]] void refuse_setting(const base::SourcePos& pos, const std::string& message);

/// Throws as refuse_setting for a setting that is not `known`, with the one that may be meant.
void refuse_unknown_settings(const base::Account& account, std::span<const std::string> known);

/// A text; null when it is not set. Throws as refuse_setting for what is no text or empty.
const std::string* text_setting(const base::Account& account, const std::string& name);

}  // namespace mxsmith::provider
