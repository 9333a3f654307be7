#include "cli/command_table.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/version.hpp"

namespace mxsmith::cli {

namespace {

constexpr std::string_view kWriteExits =
    "    0  done, nothing to do, or waiting for a stage\n"
    "    1  error; also: not confirmed\n"
    "    3  refused by a guard or a hold\n"
    "    4  partly applied; `mxsmith history` names each step\n"
    "    5  the saved plan is stale\n"
    "  130  interrupted, journal settled\n";

constexpr std::array kCommands = {
    CommandInfo{"init", "Start a project: mxsmith.toml and a first spec.",
                "  mxsmith init --zone example.com --provider zonefile\n",
                "    0  done\n    1  error; nothing is overwritten\n"},
    CommandInfo{"import", "Write the spec of a zone that is there already.",
                "  mxsmith import example.com --provider zonefile --out example.com.toml\n"
                "  mxsmith import example.com --provider zonefile --mail-only\n",
                "    0  done\n    1  error\n"},
    CommandInfo{"export", "Print a zone as a zone file: as declared, or as it is live.",
                "  mxsmith export example.com.toml\n"
                "  mxsmith export example.com --live > backup.zone\n",
                "    0  done\n    1  error\n    3  the spec has errors\n"},
    CommandInfo{"check", "Tell what is wrong with specs and the mail they make, or with a zone.",
                "  mxsmith check\n"
                "  mxsmith check customers/ --format json\n"
                "  mxsmith check --records example.com.zone example.com  a zone without a spec\n"
                "  mxsmith check --explain spf-lookup-limit\n",
                "    0  no errors\n    1  they could not be read\n    3  errors\n"},
    CommandInfo{"plan", "Show what would change, and change nothing.",
                "  mxsmith plan example.com.toml\n"
                "  mxsmith plan --out change.json          save it, to be reviewed and applied\n"
                "  mxsmith plan --against git:origin/main  compare specs, without credentials\n"
                "  mxsmith plan --at 2026-12-05T22:00:00+05:30\n",
                "    0  done; with --detailed-exitcode: nothing to change\n"
                "    1  error\n"
                "    2  with --detailed-exitcode: changes are pending\n"
                "    3  a guard or a hold would refuse it\n"},
    CommandInfo{"apply", "Make the zones as the specs say, after asking.",
                "  mxsmith apply example.com.toml\n"
                "  mxsmith apply change.json --yes          a saved plan, in a pipeline\n"
                "  mxsmith apply --allow spf-sender-removed:example.com\n",
                kWriteExits},
    CommandInfo{"rollback", "Bring back what was there before.",
                "  mxsmith rollback example.com            undo the newest entry\n"
                "  mxsmith rollback example.com --only mx  the MX alone\n"
                "  mxsmith rollback example.com --to 12    as it was right after entry 12\n"
                "  mxsmith rollback --run 20261205T163100Z-3f9a\n",
                kWriteExits},
    CommandInfo{"hold", "Stop applies and rollbacks of a zone, or list what is held.",
                "  mxsmith hold example.com --reason \"moving to another registrar\"\n"
                "  mxsmith hold example.com --lift\n"
                "  mxsmith hold --all\n",
                "    0  done\n    1  error\n"},
    CommandInfo{"history", "List what was done to a zone, or show one entry in full.",
                "  mxsmith history example.com\n"
                "  mxsmith history example.com 12\n"
                "  mxsmith history --check\n",
                "    0  done\n    1  error, or a chain that does not hold\n"},
    CommandInfo{"timeline", "Show every future state that the stages of a spec bring.",
                "  mxsmith timeline example.com.toml\n",
                "    0  done\n    1  error\n    3  the spec has errors\n"},
    CommandInfo{"explain", "Tell in plain sentences what a domain's mail setup is.",
                "  mxsmith explain example.com.toml\n"
                "  mxsmith explain example.com --live\n"
                "  mxsmith explain backup/example.com.zone\n",
                "    0  done\n    1  error\n    3  the spec or the zone file has errors\n"},
    CommandInfo{"dkim new", "Make a DKIM key pair and show how to publish it and sign with it.",
                "  mxsmith dkim new example.com --spec example.com.toml --out keys/\n"
                "  mxsmith dkim new example.com --ed25519 --selector ed1\n",
                "    0  done; the private key is in a file of mode 600 and nowhere else\n"
                "    1  error; nothing is overwritten\n    3  the spec has errors\n"},
    CommandInfo{"mta-sts", "Print the MTA-STS policy file of a zone, or write those of many.",
                "  mxsmith mta-sts example.com.toml > mta-sts.txt\n"
                "  mxsmith mta-sts customers/ --out /var/www\n",
                "    0  done\n    1  error, or no zone has a policy\n"
                "    3  the spec has errors\n"},
    CommandInfo{"services", "List the mail services of the catalogue, or show one.",
                "  mxsmith services\n  mxsmith services google-workspace\n",
                "    0  done\n    1  no such service\n"},
    CommandInfo{"services detect", "Tell which mail services a zone uses.",
                "  mxsmith services detect example.com        as its provider has it\n"
                "  mxsmith services detect backup/example.com.zone\n",
                "    0  done\n    1  error\n"},
    CommandInfo{"providers", "List the providers, or one with its settings.",
                "  mxsmith providers\n  mxsmith providers zonefile\n",
                "    0  done\n    1  no such provider\n"},
    CommandInfo{"providers check",
                "Tell whether accounts work: credentials, rights, zones; nothing is written.",
                "  mxsmith providers check                  every account of mxsmith.toml\n"
                "  mxsmith providers check cloudflare\n",
                "    0  done\n    1  error, or an account does not work\n"},
    CommandInfo{
        "spf eval", "Judge a sender by SPF, with every lookup that it takes.",
        "  mxsmith spf eval --ip 192.0.2.1 --mail-from joe@example.com --helo mx.example.com "
        "\\\n    --records answers.zone\n"
        "  mxsmith spf eval --file senders.txt --spec example.com.toml --format json\n",
        "    0  judged, whatever the result\n    1  error\n"
        "    3  the spec or the records have errors\n"},
    CommandInfo{"spf flatten", "Replace includes of an SPF record by their addresses.",
                "  mxsmith spf flatten example.com --spec example.com.toml --records answers.zone\n"
                "  mxsmith spf flatten example.com --records answers.zone --include "
                "_spf.example.net\n"
                "  mxsmith spf flatten --check example.com.spf.json --records answers.zone\n",
                "    0  done; with --check: up to date\n    1  error\n"
                "    2  with --check: out of date\n"
                "    3  the spec or the records have errors\n"},
    CommandInfo{"completion", "Print a completion script for a shell.",
                "  mxsmith completion bash > /etc/bash_completion.d/mxsmith\n"
                "  mxsmith completion fish > ~/.config/fish/completions/mxsmith.fish\n",
                "    0  done\n"},
    CommandInfo{"version", "Print the version.", "  mxsmith version\n", "    0  done\n"},
};

std::string line_of(const CommandInfo& info) {
  std::string name(info.name);
  name.resize(17, ' ');
  return "  " + name + std::string(info.summary) + "\n";
}

}  // namespace

std::span<const CommandInfo> all_commands() { return kCommands; }

const CommandInfo* find_command(std::string_view name) {
  const auto found = std::find_if(kCommands.begin(), kCommands.end(),
                                  [&](const CommandInfo& info) { return info.name == name; });
  return found == kCommands.end() ? nullptr : &*found;
}

std::string command_footer(std::string_view name) {
  const CommandInfo& info = *find_command(name);
  return "Examples:\n" + std::string(info.examples) + "\nExit codes:\n" + std::string(info.exits) +
         "   64  wrong usage";
}

std::string group_overview(std::string_view first_word) {
  std::string lines;
  for (const auto& info : kCommands) {
    const std::size_t space = info.name.find(' ');
    if (space == std::string_view::npos || info.name.substr(0, space) != first_word) continue;
    lines += line_of(info);
  }
  if (lines.empty()) return {};
  return "Usage: mxsmith " + std::string(first_word) + " COMMAND [OPTIONS]\n\nCommands:\n" + lines +
         "\n`mxsmith " + std::string(first_word) +
         " COMMAND --help` has options, examples and exit codes.\n";
}

std::string overview() {
  std::string text = "mxsmith " + std::string(base::version()) +
                     ": DNS-as-code for mail.\n\n"
                     "A TOML file says what a domain's mail records should be; `plan` shows what "
                     "would change,\n`apply` does exactly that, `rollback` brings back what was "
                     "there.\n\n"
                     "Usage: mxsmith COMMAND [OPTIONS]\n\nCommands:\n";
  for (const auto& info : kCommands) text += line_of(info);
  text +=
      "\n`mxsmith COMMAND --help` has options, examples and exit codes.\n"
      "First steps: mxsmith init, mxsmith check, mxsmith plan, mxsmith apply.\n";
  return text;
}

}  // namespace mxsmith::cli
