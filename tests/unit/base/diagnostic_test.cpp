#include "base/diagnostic.hpp"

#include <memory>
#include <string>

#include "support/catch.hpp"

using namespace mxsmith::base;

namespace {

SourcePos pos(const std::string& file, std::uint32_t line, std::uint32_t column) {
  return {std::make_shared<const std::string>(file), line, column};
}

}  // namespace

TEST_CASE("a place is written as compilers write it") {
  CHECK(pos("example.com.toml", 23, 5).text() == "example.com.toml:23:5");
  CHECK(pos("example.com.toml", 0, 0).text() == "example.com.toml");
  CHECK(SourcePos().text().empty());
  CHECK(pos("a", 1, 1).known());
  CHECK_FALSE(pos("a", 0, 0).known());
  CHECK_FALSE(SourcePos().known());
}

TEST_CASE("places are equal by their file's name, not by who holds it") {
  CHECK(pos("a", 1, 2) == pos("a", 1, 2));
  CHECK_FALSE(pos("a", 1, 2) == pos("b", 1, 2));
  CHECK_FALSE(pos("a", 1, 2) == pos("a", 1, 3));
  CHECK(SourcePos() == SourcePos());
}

TEST_CASE("the same finding at the same place is kept once") {
  Diagnostics all;
  all.error("spec-unknown-key", pos("base.toml", 3, 1), "unknown key `prioriy`");
  all.error("spec-unknown-key", pos("base.toml", 3, 1), "unknown key `prioriy`");
  all.error("spec-unknown-key", pos("base.toml", 4, 1), "unknown key `prioriy`");
  all.warning("spec-old", pos("base.toml", 3, 1), "old");
  CHECK(all.all().size() == 3);
  CHECK(all.errors() == 2);

  Diagnostics more;
  more.error("spec-unknown-key", pos("base.toml", 3, 1), "unknown key `prioriy`");
  more.error("spec-type", pos("a.toml", 9, 1), "wrong type");
  all.append(more);
  CHECK(all.all().size() == 4);
  CHECK(all.errors() == 3);
}

TEST_CASE("warnings alone are no errors") {
  Diagnostics all;
  CHECK(all.empty());
  CHECK_FALSE(all.has_errors());
  all.warning("spec-old", {}, "old");
  CHECK_FALSE(all.empty());
  CHECK_FALSE(all.has_errors());
}

TEST_CASE("findings are told in the order of the files, those without a place last") {
  Diagnostics all;
  all.error("e", {}, "nowhere");
  all.error("d", pos("b.toml", 1, 1), "4");
  all.error("c", pos("a.toml", 10, 1), "3");
  all.error("b", pos("a.toml", 2, 9), "2");
  all.error("a", pos("a.toml", 2, 1), "1");
  std::string order;
  for (const auto& diagnostic : all.sorted()) order += diagnostic.rule;
  CHECK(order == "abcde");
}
