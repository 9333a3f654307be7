// Makes a test case of every case of the list, so that a failure names subject and group.
//
// Catch2 takes test cases as macros; the list is data. Its registrar is the same in 2.13 and 3, but
// for how the test is handed over.
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <utility>

#include "conformance/cases.hpp"
#include "support/catch.hpp"

namespace {

using namespace mxsmith::conformance;

class CaseInvoker final : public Catch::ITestInvoker {
 public:
  explicit CaseInvoker(Case one) : case_(std::move(one)) {}
  void invoke() const override {
    const auto failures = case_.run();
    for (const Failure& failure : failures) {
      FAIL_CHECK("in the state \"" << failure.state << "\": " << failure.what);
    }
    if (failures.empty()) SUCCEED("every state was reached");
  }

 private:
  Case case_;
};

/// History is written with fsync, thousands of times; memory is as good a place for it here.
void use_fast_folder() {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code fault;
  if (std::getenv("TMPDIR") == nullptr && std::filesystem::is_directory(memory, fault)) {
    ::setenv("TMPDIR", memory.c_str(), 0);
  }
}

void register_case(std::deque<Catch::AutoReg>& registered, Case one) {
  const std::string name = one.name;
  const std::string tags = one.tags;
  auto* invoker = new CaseInvoker(std::move(one));  // the registry owns it
#if __has_include(<catch2/catch_all.hpp>)
  registered.emplace_back(Catch::Detail::unique_ptr<Catch::ITestInvoker>(invoker),
                          CATCH_INTERNAL_LINEINFO, Catch::StringRef(),
                          Catch::NameAndTags{name, tags});
#else
  registered.emplace_back(invoker, CATCH_INTERNAL_LINEINFO, Catch::StringRef(),
                          Catch::NameAndTags{name, tags});
#endif
}

std::deque<Catch::AutoReg> register_all() {
  use_fast_folder();
  std::deque<Catch::AutoReg> registered;
  for (Case& one : all_cases()) register_case(registered, std::move(one));
  return registered;
}

const std::deque<Catch::AutoReg> kRegistered = register_all();

}  // namespace
