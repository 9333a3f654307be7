// Between the library that reads the command line and the options of commands, for
// cli/options*.cpp alone: raw words in, values or a fault out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/options.hpp"

namespace mxsmith::cli {

/// Raw strings of one command line; turned into values once the library has done its part.
struct Raw {
  std::vector<std::string> positional;
  std::vector<std::string> zones;
  std::vector<std::string> allow;
  std::vector<std::string> records;
  std::string record_http, replay_http;
  bool trace_http = false;
  std::string format = "text";
  std::string color = "auto";
  std::string reason, at, out, against, previous, provider, zone_id, zone, project, spec, run, only;
  std::string selector;
  std::optional<std::uint64_t> undo, to;
  std::string ip, mail_from, helo, receiver, file;
  std::vector<std::string> includes;
  bool take_volatile = false;
  bool quiet = false, verbose = false, yes = false, detailed = false, all = false, lift = false;
  unsigned rsa_bits = 2048;
  bool ed25519 = false;
  bool explain = false;
  bool live = false, check = false, mail_only = false, prune_zone = false, take_over = false;
};

/// What is wrong with a value that the library took for text.
struct ValueFault {
  std::string message;
  std::string hint;
};

using Command = decltype(Invocation::command);

/// One for each command; they throw ValueFault, which options.cpp turns into a UsageFault.
Command make_init(const Raw& raw);
Command make_import(const Raw& raw);
Command make_export(const Raw& raw);
Command make_check(const Raw& raw);
Command make_plan(const Raw& raw);
Command make_apply(const Raw& raw);
Command make_rollback(const Raw& raw);
Command make_hold(const Raw& raw);
Command make_history(const Raw& raw);
Command make_timeline(const Raw& raw);
Command make_dkim_new(const Raw& raw);
Command make_explain(const Raw& raw);
Command make_mta_sts(const Raw& raw);
Command make_services(const Raw& raw);
Command make_services_detect(const Raw& raw);
Command make_providers(const Raw& raw);
Command make_providers_check(const Raw& raw);
Command make_spf_eval(const Raw& raw);
Command make_spf_flatten(const Raw& raw);
Command make_completion(const Raw& raw);
Command make_version(const Raw& raw);

}  // namespace mxsmith::cli
