#include "base/error.hpp"

#include <cerrno>

#include "support/catch.hpp"

using namespace mxsmith::base;

TEST_CASE("context is added in front, and nothing else is lost") {
  Error inner(ErrorKind::rate_limited, "asked to slow down", Effect::unknown);
  inner.about("example.com/MX")
      .with_hint("try again later")
      .with_retry_after(std::chrono::seconds(30))
      .with_request_id("r-1");
  const Error outer = inner.with_context("while reading example.com from main");
  CHECK(outer.what() == std::string("while reading example.com from main: asked to slow down"));
  CHECK(outer.kind() == ErrorKind::rate_limited);
  CHECK(outer.effect() == Effect::unknown);
  CHECK(outer.key() == "example.com/MX");
  CHECK(outer.hint() == "try again later");
  CHECK(outer.retry_after() == std::chrono::seconds(30));
  CHECK(outer.request_id() == "r-1");
}

TEST_CASE("an error without more says that nothing changed") {
  const Error error(ErrorKind::auth, "no");
  CHECK(error.effect() == Effect::none);
  CHECK(error.key().empty());
  CHECK(error.hint().empty());
  CHECK_FALSE(error.retry_after().has_value());
}

TEST_CASE("system errors are told in the system's words") {
  const Error error = io_error("write db.example", ENOSPC);
  CHECK(error.kind() == ErrorKind::io);
  CHECK(error.what() == std::string("cannot write db.example: No space left on device"));
}
