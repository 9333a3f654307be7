#include "conformance/workplace.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/error.hpp"
#include "engine/engine.hpp"
#include "plan/guard.hpp"
#include "plan/plan_file.hpp"
#include "spec/spec.hpp"
#include "state/file_store.hpp"

namespace mxsmith::conformance {

namespace {

/// Passes everything on and counts the steps.
class Spy final : public provider::Provider {
 public:
  Spy(std::unique_ptr<provider::Provider> inner, std::shared_ptr<Sent> sent)
      : inner_(std::move(inner)), sent_(std::move(sent)) {}

  [[nodiscard]] std::string fingerprint() const override { return inner_->fingerprint(); }
  std::vector<plan::ZoneRef> find(const dns::Name& zone) override { return inner_->find(zone); }
  [[nodiscard]] std::vector<std::string> places(const dns::Name& zone) const override {
    return inner_->places(zone);
  }
  std::optional<std::vector<plan::ZoneRef>> list() override { return inner_->list(); }
  [[nodiscard]] plan::Traits traits(const plan::ZoneRef& zone) const override {
    return inner_->traits(zone);
  }
  plan::LiveZone read(const plan::ZoneRef& zone) override { return inner_->read(zone); }
  [[nodiscard]] dns::RRset stored(const plan::ZoneRef& zone, const dns::RRset& set) const override {
    return inner_->stored(zone, set);
  }
  provider::Pending apply(const plan::LiveZone& live, const provider::Step& step) override {
    ++sent_->steps;
    sent_->most_changes = std::max(sent_->most_changes, step.changes.size());
    return inner_->apply(live, step);
  }
  bool done(const plan::ZoneRef& zone, const provider::Pending& pending) override {
    return inner_->done(zone, pending);
  }

 private:
  std::unique_ptr<provider::Provider> inner_;
  std::shared_ptr<Sent> sent_;
};

provider::ProviderInfo watched(provider::ProviderInfo info, const std::shared_ptr<Sent>& sent) {
  info.make = [make = info.make, sent](const base::Account& account, const provider::Tools& tools) {
    return std::make_unique<Spy>(make(account, tools), sent);
  };
  return info;
}

std::unique_ptr<http::Transport> no_network() {
  return http::fake_transport([](const http::Request& request) -> http::Response {
    throw base::Error(base::ErrorKind::unavailable, "no network here: " + request.url);
  });
}

std::string text_of(const http::Headers& headers) {
  std::string text;
  for (const auto& [name, value] : headers.fields()) text += name + ": " + value + "\n";
  return text;
}

std::string text_of(const http::Exchange& exchange) {
  std::string text = exchange.request.url + "\n" + text_of(exchange.request.headers) +
                     exchange.request.body + "\n" + exchange.fault + "\n";
  if (exchange.response) {
    text += text_of(exchange.response->headers) + exchange.response->body.text() + "\n";
  }
  return text;
}

}  // namespace

Workplace::Workplace(Subject& subject, dns::Name zone, Access access)
    : subject_(subject), zone_(std::move(zone)), info_(watched(subject.info(), sent_)) {
  folder_.write("mxsmith.toml",
                "[accounts.main]\ntype = \"" + info_.type + "\"\n" + subject.account(access));
  auto server = subject.transport();
  if (server) wire_faults_ = faults_of_the_wire(wire_);
  http::ClientOptions options;
  options.jitter = [] { return 0.5; };
  options.observers = {
      [trace = trace_](const http::Exchange& exchange) { *trace += text_of(exchange); }};
  if (over_http()) {
    std::filesystem::create_directory(folder_.path() / "saved");
    options.observers.push_back(http::record_to(folder_.path() / "saved/exchanges.jsonl"));
  }
  client_ = std::make_unique<http::Client>(
      std::make_unique<FaultyTransport>(server ? std::move(server) : no_network(), wire_), clock,
      std::move(options));
}

void Workplace::write_spec(const std::string& toml) { write_spec(zone_, toml); }

void Workplace::write_spec(const dns::Name& zone, const std::string& toml) {
  folder_.write(zone.text() + "toml", toml);
}

engine::Engine Workplace::engine() {
  state::Actor actor;
  actor.user = "conformance";
  actor.host = "bench";
  actor.command = "test";
  engine::Environment environment{
      .clock = clock,
      .http = *client_,
      .find_provider =
          [this](std::string_view type) { return type == info_.type ? &info_ : nullptr; },
      .provider_types = {info_.type},
      .open_store =
          [](const base::StateSettings& settings) { return state::file_store(settings.directory); },
      .actor = actor,
      .progress = nullptr,
      .stop_requested = {}};
  return engine::Engine(std::move(environment));
}

engine::ApplyRequest Workplace::request() const {
  engine::ApplyRequest request;
  request.plan.selection = {{folder_.path()}, {}};
  request.plan.reviewed = true;
  for (const auto& guard : plan::all_guards()) {
    request.plan.allow.push_back({std::string(guard.id), zone_});
  }
  return request;
}

engine::Report Workplace::plan() { return engine().plan(request().plan); }

engine::Report Workplace::apply(const std::function<void()>& meanwhile) {
  return engine().apply(request(), [&](const engine::Report&) {
    if (meanwhile) meanwhile();
    return true;
  });
}

engine::Report Workplace::apply_saved(const engine::Report& planned) {
  plan::PlanFile file{"mxsmith conformance", clock.now(), {}};
  for (const auto& zone : planned.zones) {
    if (zone.plan) file.zones.push_back(*zone.plan);
  }
  engine::ApplyRequest saved = request();
  saved.plan_file = folder_.write("saved/plan.json", plan::print_plan_file(file));
  return engine().apply(saved, [](const engine::Report&) { return true; });
}

engine::Report Workplace::rollback() {
  engine::RollbackRequest back;
  back.selection = {{folder_.path()}, {zone_}};
  back.allow = request().plan.allow;
  return engine().rollback(back, [](const engine::Report&) { return true; });
}

plan::LiveZone Workplace::read() {
  engine::ImportRequest import;
  import.zone = zone_;
  import.provider = "main";
  import.project = folder_.path();
  return engine().read_zone(import);
}

std::unique_ptr<provider::Provider> Workplace::provider() {
  const auto files = spec::disk_files();
  const auto project = spec::load({folder_.path()}, *files, {info_.type});
  spec::ProviderChoice choice;
  choice.account = "main";
  return info_.make(project.account_for(choice), {clock, *client_});
}

plan::Traits Workplace::traits() {
  const auto one = provider();
  const auto found = one->find(zone_);
  if (found.size() != 1) throw std::runtime_error("the provider does not find its zone");
  return one->traits(found.front());
}

Faults* Workplace::faults() {
  if (Faults* own = subject_.faults()) return own;
  return wire_faults_.get();
}

std::string Workplace::everything_on_disk() const {
  std::string text;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
    if (entry.is_regular_file()) text += tests::slurp(entry.path()) + "\n";
  }
  return text;
}

std::string trouble(const engine::Report& report) {
  std::string text;
  for (const auto& diagnostic : report.diagnostics.all()) {
    if (diagnostic.severity == base::Severity::error) text += diagnostic.message + "\n";
  }
  for (const auto& zone : report.zones) {
    if (zone.error) text += std::string(zone.error->what()) + "\n";
    for (const auto& moved : zone.moved) text += moved + "\n";
    if (!zone.plan) continue;
    for (const auto& guard : zone.plan->guards) {
      if (!guard.allowed) text += "guard " + guard.id + ": " + guard.message + "\n";
    }
  }
  return text;
}

}  // namespace mxsmith::conformance
