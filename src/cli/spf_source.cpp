#include "cli/spf_source.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/render/json_values.hpp"
#include "http/json.hpp"

namespace mxsmith::cli {

namespace {

constexpr const char* kSchema = "https://mxsmith.dev/schemas/spf-flatten-v1.json";

render::Json to_json(const mail::SpfReplaced& one) {
  render::Json answers = render::Json::array();
  for (const auto& answer : one.answers) {
    answers.push_back({{"name", render::utf8(answer.name)},
                       {"type", dns::type_name(answer.type)},
                       {"values", render::list(answer.values)},
                       {"ttl", answer.ttl ? render::Json(*answer.ttl) : render::Json()}});
  }
  return {{"term", render::utf8(one.term)},
          {"domain", render::utf8(one.domain)},
          {"networks", render::list(one.addresses.texts())},
          {"answers", std::move(answers)}};
}

/// Reads one file; every fault names it.
class Reading {
 public:
  Reading(const http::Json& json, const std::string& what) : json_(json), what_(what) {}

  SpfSource run() {
    SpfSource source;
    if (text(json_, "$schema") != kSchema) fail("it has another \"$schema\"");
    source.name = name(text(json_, "name"));
    const auto made = base::parse_instant(text(json_, "made_at"));
    if (!made) fail("\"made_at\" is not a time");
    source.made_at = *made;
    source.volatiles =
        text(json_, "volatile") == "taken" ? mail::SpfVolatile::taken : mail::SpfVolatile::refused;
    source.before = text(json_, "before");
    for (const http::Json& one : list(json_, "replaced")) {
      source.replaced.push_back({text(one, "term"), text(one, "domain"), addresses(one), {}});
    }
    for (const http::Json& one : list(json_, "records")) {
      source.records.push_back({name(text(one, "name")), text(one, "text")});
    }
    return source;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw base::Error(base::ErrorKind::invalid,
                      what_ + " is not the source of a flattened SPF record: " + why)
        .with_hint("`mxsmith spf flatten` writes such files");
  }

  [[nodiscard]] const std::string& text(const http::Json& object, std::string_view member) const {
    const http::Json* found = object.find(member);
    if (found == nullptr || found->string() == nullptr) {
      fail("it has no text \"" + std::string(member) + "\"");
    }
    return *found->string();
  }

  [[nodiscard]] const http::Json::Array& list(const http::Json& object,
                                              std::string_view member) const {
    const http::Json* found = object.find(member);
    if (found == nullptr || found->elements() == nullptr) {
      fail("it has no list \"" + std::string(member) + "\"");
    }
    return *found->elements();
  }

  [[nodiscard]] dns::Name name(const std::string& text) const {
    auto parsed = dns::Name::parse_absolute(text);
    if (!parsed) fail("\"" + text + "\" is not a name");
    return *std::move(parsed);
  }

  [[nodiscard]] mail::IpSet addresses(const http::Json& object) const {
    std::vector<mail::IpNetwork> networks;
    const auto& texts = list(object, "networks");
    networks.reserve(texts.size());
    for (const http::Json& one : texts) {
      if (one.string() == nullptr) fail("a network is not a text");
      const bool is_v6 = one.string()->find(':') != std::string::npos;
      const auto term = mail::parse_spf_term((is_v6 ? "ip6:" : "ip4:") + *one.string());
      if (!term) fail("\"" + *one.string() + "\" is not a network");
      networks.push_back(term->network);
    }
    return mail::IpSet(networks);
  }

  const http::Json& json_;
  const std::string& what_;
};

}  // namespace

std::string print_spf_source(const SpfSource& source) {
  render::Json json = {
      {"$schema", kSchema},
      {"name", render::zone_text(source.name)},
      {"made_at", base::print_instant(source.made_at)},
      {"volatile", source.volatiles == mail::SpfVolatile::taken ? "taken" : "refused"},
      {"before", render::utf8(source.before)},
      {"replaced", render::Json::array()},
      {"records", render::Json::array()}};
  for (const auto& one : source.replaced) json["replaced"].push_back(to_json(one));
  for (const auto& one : source.records) {
    json["records"].push_back(
        {{"name", render::zone_text(one.name)}, {"text", render::utf8(one.text)}});
  }
  return render::dumped(json);
}

SpfSource parse_spf_source(std::string_view text, const std::string& what) {
  const http::Json json = http::parse_json(text, what);
  return Reading(json, what).run();
}

void save_spf_source(const std::filesystem::path& path, const SpfSource& source) {
  if (const auto old = base::read_file_if_there(path)) {
    try {
      (void)parse_spf_source(*old, path.string());
    } catch (const base::Error&) {
      throw base::Error(base::ErrorKind::io,
                        path.string() + " is there and is not the source of a flattened record")
          .with_hint("--out names another file");
    }
  }
  base::replace_file(path, print_spf_source(source));
}

}  // namespace mxsmith::cli
