// Explanations in the three formats: the same sentences, hostile values harmless in each.
#include "cli/render/explanation.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::cli;
using mail::Sentence;
using mail::Topic;

namespace {

render::Explained sample() {
  mail::Explanation explanation;
  explanation.domain = dns::Name::of("example.com");
  explanation.summary = Sentence().value("example.com").say(" receives mail.");
  Topic inbound{Topic::Id::inbound};
  inbound.statements.push_back(
      {Sentence("Mail arrives at ").list({"mx1.example.net", "a`b", "\x1b[31m<b>"}).say(".")});
  Topic senders{Topic::Id::senders};
  senders.statements.push_back(
      {Sentence("May send:"), {Sentence("the block ").value("192.0.2.0/24"), Sentence("\xff")}});
  explanation.topics = {inbound, senders};
  return {explanation, render::Explained::Source::live};
}

std::string printed(Format format) {
  render::View view;
  view.width = 100;
  return render::print_explanation(sample(), format, view);
}

}  // namespace

TEST_CASE("an explanation as text") {
  CHECK(printed(Format::text) ==
        "example.com receives mail.\n"
        "\n"
        "Where mail arrives\n"
        "  Mail arrives at mx1.example.net, a`b and \\027[31m<b>.\n"
        "\n"
        "Who may send\n"
        "  May send:\n"
        "    - the block 192.0.2.0/24\n"
        "    - \\255\n"
        "\n"
        "as its provider has it\n");
}

TEST_CASE("an explanation as Markdown holds no markup of a record's making") {
  CHECK(printed(Format::markdown) ==
        "## Mail of example\\.com\n"
        "\n"
        "`example.com` receives mail.\n"
        "\n"
        "### Where mail arrives\n"
        "\n"
        "Mail arrives at `mx1.example.net`, a\\`b and `\\027[31m<b>`.\n"
        "\n"
        "### Who may send\n"
        "\n"
        "May send:\n"
        "\n"
        "- the block `192.0.2.0/24`\n"
        "- \\255\n"
        "\n"
        "_as its provider has it_\n");
}

TEST_CASE("an explanation as JSON has sentences and the values in them") {
  const auto json = nlohmann::json::parse(printed(Format::json));
  CHECK(json.at("kind") == "explanation");
  CHECK(json.at("zone") == "example.com");
  CHECK(json.at("source") == "live");
  CHECK(json.at("topics").size() == 2);
  const auto& first = json.at("topics").at(0);
  CHECK(first.at("topic") == "inbound");
  CHECK(first.at("statements").at(0).at("values").at(0) == "mx1.example.net");
  CHECK(first.at("statements").at(0).at("items").empty());
  const auto& second = json.at("topics").at(1).at("statements").at(0);
  CHECK(second.at("text") == "May send:");
  CHECK(second.at("items").at(1).at("text") == "\\255");
}
