// Providers that live outside of this repository: a program in any language, which speaks protocol
// provider-v1 (schemas/provider-v1.json) as JSON lines over its standard input and output.
//
//   host -> {"id": 1, "call": "read", "params": {...}}      plug-in -> {"id": 1, "result": {...}}
//   plug-in, meanwhile -> {"http": 7, "request": {...}}     host -> {"http": 7, "response": {...}}
//
// The host sends the requests that the plug-in asks for, so a plug-in has retries, limits, traces
// and hidden secrets without a line of its own. Whatever a plug-in does (it ends, it is silent, it
// answers nonsense) becomes an Error whose effect is true; it is started anew for the next call.
// docs/writing-a-plugin.md tells it from the other side.
#pragma once

#include <chrono>
#include <string>

#include "provider/plugin_process.hpp"
#include "provider/provider.hpp"

namespace mxsmith::provider {

/// The row for accounts whose provider is a program: base::Account::command says which. `type` is
/// the name that the project file gives it.
ProviderInfo plugin_info(const std::string& type, PluginLimits limits = {});

}  // namespace mxsmith::provider
