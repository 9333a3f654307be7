#include "base/secret.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"

extern char** environ;

namespace mxsmith::base {

namespace {

/// Longer output is not a secret but a mistake in the command.
constexpr std::size_t kMaxSecret = std::size_t{64} * 1024;

Error refuse(const SecretSource& source, const std::string& why) {
  return {ErrorKind::auth, "no secret from " + describe_secret(source) + ": " + why};
}

std::string drop_final_newline(std::string octets) {
  if (!octets.empty() && octets.back() == '\n') octets.pop_back();
  if (!octets.empty() && octets.back() == '\r') octets.pop_back();
  return octets;
}

std::string read_pipe(const FileHandle& pipe) {
  std::string output;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::read(pipe.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || output.size() > kMaxSecret) break;
    output.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return output;
}

std::string output_of(const SecretFromCommand& command) {
  if (command.argv.empty()) throw refuse(command, "the command is empty");
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw io_error("make a pipe", errno);
  FileHandle reader(ends[0]);
  FileHandle writer(ends[1]);
  std::vector<char*> arguments;
  for (const auto& argument : command.argv)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, writer.get(), STDOUT_FILENO);
  pid_t child = 0;
  const int failure =
      ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw refuse(command, std::strerror(failure));
  writer.close();
  std::string output = read_pipe(reader);
  reader.close();
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (output.size() > kMaxSecret) throw refuse(command, "its output is over 64 KiB");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw refuse(command, "the command failed");
  return output;
}

/// All that the string has room for: a short one that was moved from still holds its octets.
void wipe(std::string& octets) noexcept {
  octets.resize(octets.capacity());
  explicit_bzero(octets.data(), octets.size());
  octets.clear();
}

struct Fetch {
  std::string operator()(const SecretFromEnv& source) const {
    const char* value = std::getenv(source.variable.c_str());
    if (value == nullptr) throw refuse(source, "it is not set");
    return value;
  }
  std::string operator()(const SecretFromFile& source) const {
    try {
      return drop_final_newline(read_file(source.path));
    } catch (const Error& error) {
      throw refuse(source, error.what());
    }
  }
  std::string operator()(const SecretFromCommand& source) const {
    return drop_final_newline(output_of(source));
  }
};

}  // namespace

Secret::Secret(Secret&& other) noexcept : octets_(std::move(other.octets_)) { wipe(other.octets_); }

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe(octets_);
  octets_ = std::move(other.octets_);
  wipe(other.octets_);
  return *this;
}

Secret::~Secret() { wipe(octets_); }

Secret resolve_secret(const SecretSource& source) {
  std::string octets = std::visit(Fetch{}, source);
  if (octets.empty()) throw refuse(source, "it is empty");
  return Secret(std::move(octets));
}

std::string describe_secret(const SecretSource& source) {
  if (const auto* env = std::get_if<SecretFromEnv>(&source)) {
    return "environment variable " + env->variable;
  }
  if (const auto* file = std::get_if<SecretFromFile>(&source)) return "file " + file->path.string();
  const auto& command = std::get<SecretFromCommand>(source);
  return "command " + (command.argv.empty() ? std::string("(empty)") : command.argv.front());
}

}  // namespace mxsmith::base
