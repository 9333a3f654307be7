#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace mxsmith::tests {

namespace {

using Steady = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& doing) {
  throw std::system_error(errno, std::generic_category(), doing);
}

struct Pipe {
  int read = -1;
  int write = -1;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail("pipe2");
  return {ends[0], ends[1]};
}

void close_if_open(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

/// NAME=VALUE strings for execve: the test's own, changed as asked.
std::vector<std::string> environment_of(const RunOptions& options) {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string::npos) variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const auto& name : options.without) variables.erase(name);
  for (const auto& [name, value] : options.environment) variables[name] = value;
  std::vector<std::string> result;
  for (const auto& [name, value] : variables) result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (auto& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// What the child does between fork and exec: only calls that are safe there.
[[noreturn]] void become(const char* program, char** argv, char** envp, const char* directory) {
  ::signal(SIGPIPE, SIG_DFL);
  if (*directory != '\0' && ::chdir(directory) != 0) ::_exit(126);
  ::execve(program, argv, envp);
  ::_exit(127);
}

void set_non_blocking(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

/// Appends what can be read at once; false at the end of the stream.
bool drain(int descriptor, std::string& into) {
  char buffer[16384];
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer, sizeof buffer);
    if (count > 0) {
      into.append(buffer, static_cast<std::size_t>(count));
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else {
      return count < 0 && errno == EAGAIN;
    }
  }
}

}  // namespace

Process::Process(const fs::path& program, const RunOptions& options)
    : terminal_(options.console == Console::terminal),
      pending_(options.input),
      deadline_(Steady::now() + options.deadline) {
  std::vector<std::string> args = {program.string()};
  args.insert(args.end(), options.args.begin(), options.args.end());
  auto variables = environment_of(options);
  auto argv = pointers(args);
  auto envp = pointers(variables);
  const std::string directory = options.directory.string();

  if (terminal_) {
    winsize size{};
    size.ws_row = 50;
    size.ws_col = options.columns;
    pid_ = ::forkpty(&in_, nullptr, nullptr, &size);
    if (pid_ < 0) fail("forkpty");
    if (pid_ == 0) become(args[0].c_str(), argv.data(), envp.data(), directory.c_str());
    ::fcntl(in_, F_SETFD, FD_CLOEXEC);
    out_ = ::fcntl(in_, F_DUPFD_CLOEXEC, 0);
  } else {
    Pipe in = make_pipe();
    Pipe out = make_pipe();
    Pipe err = make_pipe();
    pid_ = ::fork();
    if (pid_ < 0) fail("fork");
    if (pid_ == 0) {
      ::dup2(in.read, 0);
      ::dup2(out.write, 1);
      ::dup2(err.write, 2);
      become(args[0].c_str(), argv.data(), envp.data(), directory.c_str());
    }
    ::close(in.read);
    ::close(out.write);
    ::close(err.write);
    in_ = in.write;
    out_ = out.read;
    err_ = err.read;
    set_non_blocking(err_);
  }
  set_non_blocking(in_);
  set_non_blocking(out_);
}

Process::~Process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  close_if_open(in_);
  close_if_open(out_);
  close_if_open(err_);
}

void Process::type(const std::string& text) {
  pending_ += text;
  write_pending();
}

void Process::kill(int signal) const {
  if (pid_ > 0) ::kill(pid_, signal);
}

void Process::write_pending() {
  while (!pending_.empty() && in_ >= 0) {
    // A reader that has gone away answers EPIPE: the rest of the input is of no use to anybody.
    sigset_t pipe_signal;
    sigset_t before;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    const ssize_t count = ::write(in_, pending_.data(), pending_.size());
    const int error = errno;
    if (count < 0 && error == EPIPE) {
      const timespec none{};
      ::sigtimedwait(&pipe_signal, nullptr, &none);
      pending_.clear();
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (count <= 0) break;
    pending_.erase(0, static_cast<std::size_t>(count));
  }
  if (pending_.empty() && closing_ && !terminal_) close_if_open(in_);
}

bool Process::pump(Steady::time_point until) {
  write_pending();
  std::vector<pollfd> descriptors;
  if (out_ >= 0) descriptors.push_back({out_, POLLIN, 0});
  if (err_ >= 0) descriptors.push_back({err_, POLLIN, 0});
  if (in_ >= 0 && !pending_.empty()) descriptors.push_back({in_, POLLOUT, 0});
  if (out_ < 0 && err_ < 0) return false;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Steady::now());
  if (left.count() <= 0) return false;
  const int ready = ::poll(descriptors.data(), descriptors.size(), static_cast<int>(left.count()));
  if (ready < 0 && errno != EINTR) fail("poll");
  if (out_ >= 0 && !drain(out_, result_.out)) close_if_open(out_);
  if (err_ >= 0 && !drain(err_, result_.err)) close_if_open(err_);
  return true;
}

bool Process::wait_for(const std::string& text) {
  const auto there = [&] {
    return result_.out.find(text) != std::string::npos ||
           result_.err.find(text) != std::string::npos;
  };
  while (!there()) {
    if (!pump(deadline_)) return there();
  }
  return true;
}

void Process::reap(RunResult& result) {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFSIGNALED(status)) {
    result.signal = WTERMSIG(status);
    result.exit = 128 + result.signal;
  } else {
    result.exit = WEXITSTATUS(status);
  }
}

RunResult Process::finish() {
  closing_ = true;
  while (pump(deadline_)) {
  }
  if (out_ >= 0 || err_ >= 0) {
    result_.late = true;
    kill(SIGKILL);
  }
  reap(result_);
  return result_;
}

RunResult run(const fs::path& program, const RunOptions& options) {
  Process process(program, options);
  return process.finish();
}

std::optional<fs::path> find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  if (path == nullptr) return std::nullopt;
  std::string rest = path;
  while (!rest.empty()) {
    const auto colon = rest.find(':');
    const fs::path candidate = fs::path(rest.substr(0, colon)) / name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
  }
  return std::nullopt;
}

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (fs::temp_directory_path() / "mxsmith-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) fail("mkdtemp");
  path_ = fs::canonical(pattern);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path TemporaryDirectory::write(const fs::path& relative, const std::string& content) const {
  const fs::path path = path_ / relative;
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
  return path;
}

std::string TemporaryDirectory::read(const fs::path& relative) const {
  return slurp(path_ / relative);
}

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace mxsmith::tests
