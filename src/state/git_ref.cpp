#include "state/git_ref.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/file.hpp"
#include "base/text.hpp"

namespace mxsmith::state {

namespace {

using base::Error;
using base::ErrorKind;

// Refs of our bare repository: they keep what they name from being collected as garbage.
constexpr const char* kFetched = "refs/mxsmith/fetched";
constexpr const char* kNext = "refs/mxsmith/next";

/// Git takes neither in a name or address.
std::string identity_part(std::string_view text) {
  std::string part;
  part.reserve(text.size());
  for (const char c : text) {
    const bool plain = static_cast<unsigned char>(c) >= 0x20 && c != '<' && c != '>' && c != 0x7f;
    part += plain ? c : '-';
  }
  return part.empty() ? "unknown" : part;
}

std::string sized(std::string_view content) {
  std::string text = "data " + std::to_string(content.size()) + "\n";
  text += content;
  return text += "\n";
}

/// The language of `git fast-import`: the whole commit in one go, past index, attributes, filters.
std::string import_stream(const std::string& parent, const std::vector<FileEdit>& edits,
                          const CommitWords& words) {
  std::string text = "feature done\nreset ";
  text += kNext;
  text += "\n";
  if (!parent.empty()) text += "from " + parent + "\n";
  text += "\ncommit ";
  text += kNext;
  text += "\nmark :1\ncommitter " + identity_part(words.name) + " <" + identity_part(words.email) +
          "> " + std::to_string(words.at.time_since_epoch().count()) + " +0000\n";
  text += sized(words.message);
  for (const auto& edit : edits) {
    if (edit.content) {
      text += "M 100644 inline " + edit.path + "\n";
      text += sized(*edit.content);
    } else {
      text += "D " + edit.path + "\n";
    }
  }
  return text += "get-mark :1\ndone\n";
}

/// What a refused push says where others push at the same moment: their update is not done yet.
bool in_the_midst(const std::string& words) {
  constexpr std::array<std::string_view, 4> kSigns = {"cannot lock ref", "failed to update ref",
                                                      "incorrect old value", "unable to lock"};
  return std::any_of(kSigns.begin(), kSigns.end(),
                     [&](std::string_view sign) { return words.find(sign) != std::string::npos; });
}

/// The remote's verdict stands in the porcelain output, "!\tREFS\t[remote rejected] (reason)".
std::string verdict_of(const std::string& porcelain) {
  for (const auto& line : base::split(porcelain, '\n')) {
    if (!line.starts_with("!\t")) continue;
    const std::size_t tab = line.find('\t', 2);
    if (tab != std::string::npos) return line.substr(tab + 1);
  }
  return {};
}

}  // namespace

GitRef::GitRef(const GitRepository& repository, const fs::path& folder, std::string ref)
    : git_(repository.top), ref_(std::move(ref)) {
  for (const auto& secret : repository.secrets) {
    git_.hide(secret);
    const std::size_t colon = secret.find(':');
    if (colon != std::string::npos) git_.hide(secret.substr(colon + 1));
  }
  if (repository.remote.empty()) {
    remote_ = repository.common.string();
    place_ = "this repository";
  } else {
    remote_ = repository.remote;
    place_ = repository.remote + " (" + repository.url + ")";
    for (const auto& [key, value] : repository.access) git_.configure(key, value);
    // A server that stops in the middle must not keep a runner for ever.
    git_.configure("http.lowSpeedLimit", "1");
    git_.configure("http.lowSpeedTime", "60");
  }
  std::error_code ignored;
  if (!fs::exists(folder / "HEAD", ignored)) {
    base::make_directories(folder);
    git_.run({"init", "--quiet", "--bare",
              "--template=", repository.sha256 ? "--object-format=sha256" : "--object-format=sha1",
              folder.string()});
  }
  git_.use_repository(folder);
}

std::string GitRef::fetch() {
  const base::CommandResult fetched =
      git_.try_run({"fetch", "--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head",
                    "--no-recurse-submodules", remote_, "+" + ref_ + ":" + kFetched});
  if (fetched.status == 0) {
    return std::string(base::trim(git_.run({"rev-parse", "--verify", kFetched})));
  }
  // Exit status 2 means that the remote was asked and has no such ref (git-ls-remote(1)).
  const base::CommandResult asked = git_.try_run({"ls-remote", "--exit-code", remote_, ref_});
  if (asked.status == 2) return {};
  const base::CommandResult& failed = asked.status == 0 ? fetched : asked;
  throw Error(ErrorKind::unavailable,
              "history cannot be fetched from " + place_ + ": " + git_.words_of(failed))
      .with_hint("nothing was read or written: without history nobody knows what is ours");
}

std::string GitRef::commit(const std::string& parent, const std::vector<FileEdit>& edits,
                           const CommitWords& words) {
  const std::string output = git_.run({"fast-import", "--quiet", "--force", "--date-format=raw"},
                                      import_stream(parent, edits, words));
  return std::string(base::trim(output));
}

std::string GitRef::push(const std::string& parent, const std::string& commit) {
  const base::CommandResult pushed =
      git_.try_run({"push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-signed",
                    "--force-with-lease=" + ref_ + ":" + parent, remote_, commit + ":" + ref_});
  if (pushed.status == 0) return commit;
  const std::string verdict = verdict_of(pushed.output);
  const std::string words = git_.words_of(pushed) + (verdict.empty() ? "" : " " + verdict);
  std::string now;
  try {
    now = fetch();
  } catch (const Error&) {
    throw Error(ErrorKind::unavailable, place_ + " does not answer: " + words);
  }
  // The answer may have been lost after the deed.
  if (now != parent || in_the_midst(words)) return now;
  throw Error(ErrorKind::auth, place_ + " refuses to update " + ref_ + ": " + words)
      .with_hint("whoever runs mxsmith needs the right to push " + ref_ + " there");
}

std::vector<TreeChange> GitRef::changes(const std::string& from, const std::string& to) {
  if (from.empty()) return to.empty() ? std::vector<TreeChange>() : files_below(to, "");
  // ":MODE MODE OLD NEW STATUS" and the path, each ended by a zero octet.
  const auto fields = base::split(
      git_.run({"diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", from, to}), '\0');
  std::vector<TreeChange> all;
  all.reserve(fields.size() / 2);
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const auto words = base::split(fields[i], ' ');
    if (words.size() != 5) throw Error(ErrorKind::protocol, "git diff-tree: " + fields[i]);
    all.push_back({fields[i + 1], words[4] == "D" ? "" : words[3]});
  }
  return all;
}

std::vector<TreeChange> GitRef::files_below(const std::string& commit, const std::string& folder) {
  std::vector<std::string> arguments = {"ls-tree", "-r", "-z", "--full-tree", commit};
  if (!folder.empty()) arguments.insert(arguments.end(), {"--", folder + "/"});
  std::vector<TreeChange> all;
  // "MODE TYPE BLOB<tab>PATH"
  const auto lines = base::split(git_.run(arguments), '\0');
  all.reserve(lines.size());
  for (const auto& line : lines) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    const auto words = base::split(line.substr(0, tab), ' ');
    if (words.size() == 3) all.push_back({line.substr(tab + 1), words[2]});
  }
  return all;
}

std::vector<std::string> GitRef::read(const std::vector<std::string>& blobs) {
  std::vector<std::string> contents;
  contents.reserve(blobs.size());
  if (blobs.empty()) return contents;
  const std::string output =
      git_.run({"cat-file", "--batch=%(objectsize)"}, base::join(blobs, "\n") + "\n");
  // "SIZE<newline>CONTENT<newline>", or "BLOB missing<newline>".
  std::size_t at = 0;
  while (at < output.size()) {
    const std::size_t newline = output.find('\n', at);
    std::size_t size = 0;
    const char* begin = output.data() + at;
    const auto [stop, fault] = std::from_chars(begin, output.data() + output.size(), size);
    if (newline == std::string::npos || fault != std::errc() || stop != output.data() + newline) {
      throw Error(ErrorKind::invalid, "our copy of " + ref_ + " is damaged: git cat-file says " +
                                          output.substr(at, newline - at));
    }
    contents.push_back(output.substr(newline + 1, size));
    at = newline + 1 + size + 1;
  }
  if (contents.size() != blobs.size()) {
    throw Error(ErrorKind::invalid, "our copy of " + ref_ + " is damaged: files are missing");
  }
  return contents;
}

std::optional<std::string> GitRef::read_file(const std::string& commit, const std::string& path) {
  const auto found = objects(commit, {path});
  if (found.front().empty()) return std::nullopt;
  return read({found.front()}).front();
}

std::vector<std::string> GitRef::objects(const std::string& commit,
                                         const std::vector<std::string>& paths) {
  std::vector<std::string> names(paths.size());
  if (commit.empty() || paths.empty()) return names;
  std::string input;
  for (const auto& path : paths) {
    input += commit;
    input += ":";
    input += path;
    input += "\n";
  }
  const auto lines =
      base::split(git_.run({"cat-file", "--batch-check=%(objectname)"}, input), '\n');
  for (std::size_t i = 0; i < names.size() && i < lines.size(); ++i) {
    if (!lines[i].ends_with(" missing")) names[i] = lines[i];
  }
  return names;
}

}  // namespace mxsmith::state
