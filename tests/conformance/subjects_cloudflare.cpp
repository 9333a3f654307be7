// Cloudflare: the simulator, as a zone of a paid plan, and as one of the free plan, whose batches
// are small, listed in many pages.
#include <stdexcept>
#include <utility>

#include "base/text.hpp"
#include "conformance/subjects_cloudflare.hpp"
#include "providers/cloudflare/cloudflare.hpp"
#include "support/process.hpp"

namespace mxsmith::conformance {

namespace {

using http::Json;
using tests::CloudflareSimulator;

const char* const kWrongToken = "wrong-token-of-somebody";

std::string without_final_dot(std::string name) {
  if (name.size() > 1 && name.back() == '.') name.pop_back();
  return name;
}

class CloudflareSubject final : public Subject {
 public:
  CloudflareSubject(std::string name, std::string plan,
                    std::shared_ptr<CloudflareSimulator> simulator)
      : name_(std::move(name)), plan_(std::move(plan)), simulator_(std::move(simulator)) {}

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] provider::ProviderInfo info() const override {
    return providers::cloudflare_info();
  }
  [[nodiscard]] std::string account(Access access) const override {
    const bool right = access != Access::wrong_secret;
    const auto token =
        folder_.write("api.token", right ? simulator_->options().token : kWrongToken);
    const std::string url =
        access == Access::nobody_there ? "http://nobody.example/v4" : CloudflareSimulator::kBase;
    return "url = \"" + url + "\"\ntoken = {file = \"" + token.string() + "\"}\n";
  }
  [[nodiscard]] bool speaks_http() const override { return true; }
  [[nodiscard]] std::unique_ptr<http::Transport> transport() const override {
    return simulator_->transport({CloudflareSimulator::kBase});
  }
  [[nodiscard]] std::vector<std::string> secrets() const override {
    return {simulator_->options().token};
  }
  /// It does not say which record it is about.
  [[nodiscard]] http::Response refusal_of(const dns::Key& key) const override {
    return {400,
            {{"Content-Type", "application/json"}},
            R"({"success":false,"errors":[{"code":1004,"message":"DNS Validation Error",)"
            R"("error_chain":[{"code":9005,"message":"Content for )" +
                dns::type_name(key.type) +
                R"( record is invalid."}]}],"messages":[],"result":null})"};
  }
  [[nodiscard]] std::vector<std::string> meta_values(const std::string& key) const override {
    if (key == "tags") return {R"(["owner:dns-team"])", R"(["b:2", "a:1"])"};
    if (key == "comment") return {R"("see ticket 4711")", R"("Grüße")", R"("")"};
    return {"true", "false"};
  }

  void make_zone(const dns::Name& zone) override {
    const std::string name = without_final_dot(zone.text());
    simulator_->remove_zones(name);
    ids_[zone] = simulator_->add_zone({name, plan_});
  }
  void put(const dns::Name& zone, const ForeignSet& set) override {
    Json deletes = Json::array();
    Json posts = Json::array();
    const std::string name = without_final_dot(set.key.name.text());
    const std::string type = dns::type_name(set.key.type);
    for (const auto& record : records_of(zone)) {
      if (record.name == name && record.type == type) {
        deletes.push(Json::object({{"id", record.id}}));
      }
    }
    for (const std::string& value : set.values) {
      Json post = Json::object({{"name", name}, {"type", type}, {"ttl", set.ttl}});
      add_value(post, type, value);
      posts.push(std::move(post));
    }
    if (deletes.elements()->empty() && posts.elements()->empty()) return;
    send(zone, Json::object({{"deletes", std::move(deletes)}, {"posts", std::move(posts)}}));
  }
  dns::Zone records(const dns::Name& zone) override {
    dns::Zone all(zone);
    for (const auto& record : records_of(zone)) {
      const auto ttl = static_cast<std::uint32_t>(record.ttl == 1 ? 300 : record.ttl);
      all.add(dns::Name::of(record.name), *dns::parse_type(record.type), ttl,
              tests::cloudflare_rdata(record));
    }
    return all;
  }
  std::string mark(const dns::Name& zone) override {
    return std::to_string(simulator_->zone(ids_.at(zone)).writes);
  }
  std::map<dns::Key, std::string> texts(const dns::Name& zone) override {
    std::map<dns::Key, std::string> all;
    for (const auto& record : records_of(zone)) {
      all[{dns::Name::of(record.name), *dns::parse_type(record.type)}] +=
          http::print_json(record.print()) + "\n";
    }
    return all;
  }
  std::string adorn(const dns::Name& zone, const dns::Key& key) override {
    std::vector<std::string> tags;
    if (plan_ != "free") tags = {"owner:kim", "mail:yes"};
    simulator_->adorn(ids_.at(zone), without_final_dot(key.name.text()), dns::type_name(key.type),
                      "see ticket 4711", tags);
    return "see ticket 4711";
  }
  bool give_away(const dns::Name& zone, const dns::Key& key) override {
    simulator_->make_read_only(ids_.at(zone), without_final_dot(key.name.text()),
                               dns::type_name(key.type),
                               Json::object({{"read_only", true}, {"email_routing", true}}));
    return true;
  }

 private:
  std::vector<CloudflareSimulator::Record> records_of(const dns::Name& zone) {
    return simulator_->zone(ids_.at(zone)).records;
  }
  static void add_value(Json& post, const std::string& type, const std::string& value) {
    std::string content = value;
    if (type == "TLSA") {
      const auto words = base::split(value, ' ');
      post.add("data", Json::object({{"usage", std::stoi(words.at(0))},
                                     {"selector", std::stoi(words.at(1))},
                                     {"matching_type", std::stoi(words.at(2))},
                                     {"certificate", words.at(3)}}));
      return;
    }
    if (type == "MX") {
      const std::size_t blank = value.find(' ');
      post.add("priority", std::stoi(value.substr(0, blank)));
      content = value.substr(blank + 1);
    }
    post.add("content", content);
  }
  void send(const dns::Name& zone, const Json& body) {
    http::Request request;
    request.method = http::Method::post;
    request.url =
        std::string(CloudflareSimulator::kBase) + "/zones/" + ids_.at(zone) + "/dns_records/batch";
    request.headers = {{"Authorization", "Bearer " + simulator_->options().token},
                       {"Content-Type", "application/json"}};
    request.body = http::print_json(body);
    const http::Response response = simulator_->answer(request);
    if (response.status == 200) return;
    throw std::runtime_error(response.body.text() + " for " + request.body);
  }

  std::string name_;
  std::string plan_;
  std::shared_ptr<CloudflareSimulator> simulator_;
  std::map<dns::Name, std::string> ids_;
  tests::TemporaryDirectory folder_;
};

}  // namespace

std::unique_ptr<Subject> cloudflare_subject(const std::string& name, const std::string& plan,
                                            std::shared_ptr<CloudflareSimulator> simulator) {
  return std::make_unique<CloudflareSubject>(name, plan, std::move(simulator));
}

std::vector<SubjectEntry> cloudflare_subjects() {
  const auto entry = [](const std::string& name, const std::string& tag, const std::string& plan,
                        const CloudflareSimulator::Options& options) {
    return SubjectEntry{name, tag, [=] {
                          return cloudflare_subject(name, plan,
                                                    std::make_shared<CloudflareSimulator>(options));
                        }};
  };
  CloudflareSimulator::Options in_pages;
  in_pages.page_cap = 100;
  in_pages.counts_pages = false;
  return {
      entry("cloudflare, simulated", "[cloudflare]", "pro", {}),
      entry("cloudflare, simulated, free plan in pages", "[cloudflare-free]", "free", in_pages)};
}

}  // namespace mxsmith::conformance
