#include "cli/render/text.hpp"

#include <utility>

#include "base/text.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

Page page_for(const View& view) { return {view.color, view.width}; }

std::string print_providers_text(std::span<const provider::ProviderInfo> providers,
                                 const View& view) {
  Page page = page_for(view);
  for (const auto& provider : providers) {
    page.paragraph(Line().text(safe(provider.type), Ink::bold), kLabelColumn,
                   safe(provider.summary));
  }
  return page.text();
}

namespace {

std::string types_words(const plan::Traits& traits) {
  if (traits.types.empty()) return "every record type";
  std::vector<std::string> names;
  for (const auto type : traits.types) names.push_back(dns::type_name(type));
  return base::join(names, ", ");
}

std::string traits_words(const plan::Traits& traits) {
  std::string words = "writes by " + std::string(plan::granularity_name(traits.granularity));
  words += traits.atomic_step == plan::Support::yes ? ", a step becomes visible at once"
                                                    : ", steps are visible in parts";
  if (traits.max_changes_per_step != 0) {
    words += ", at most " + base::counted(traits.max_changes_per_step, "change") + " per step";
  }
  if (traits.max_values_per_step != 0) {
    words += ", at most " + base::counted(traits.max_values_per_step, "value") + " per step";
  }
  if (traits.max_octets_per_step != 0) {
    words += ", at most " + base::counted(traits.max_octets_per_step, "octet") + " per step";
  }
  if (traits.multiple_writers == plan::Support::no) words += ", one zone of a server at a time";
  return words;
}

}  // namespace

std::string print_provider_text(const provider::ProviderInfo& provider, const View& view) {
  Page page = page_for(view);
  page.paragraph(Line().text(safe(provider.type), Ink::bold), kLabelColumn, safe(provider.summary));
  for (const auto& setting : provider.settings) {
    page.paragraph(
        Line().text(&setting == &provider.settings.front() ? "Settings" : ""), kLabelColumn,
        safe(setting.name) + (setting.required ? " (required): " : ": ") + safe(setting.meaning));
  }
  if (!provider.environment.empty()) {
    page.paragraph(Line().text("Environment"), kLabelColumn,
                   safe(base::join(provider.environment, ", ")));
  }
  const auto& traits = provider.traits;
  page.paragraph(Line().text("Stores"), kLabelColumn, types_words(traits));
  page.paragraph(Line().text("TTL"), kLabelColumn,
                 base::print_duration(base::Seconds(traits.min_ttl)) + " to " +
                     base::print_duration(base::Seconds(traits.max_ttl)));
  page.paragraph(Line().text("Changes"), kLabelColumn, traits_words(traits));
  return page.text();
}

namespace {

class TextRenderer final : public Renderer {
 public:
  explicit TextRenderer(View view) : view_(std::move(view)) {}
  [[nodiscard]] std::string plan(const engine::Report& report) const override {
    return print_plan_text(report, view_);
  }
  [[nodiscard]] std::string result(const engine::Report& report, Deed deed) const override {
    return print_result_text(report, deed, view_);
  }
  [[nodiscard]] std::string check(const engine::Report& report) const override {
    return print_check_text(report, view_);
  }
  [[nodiscard]] std::string history(const std::vector<ZoneHistory>& zones) const override {
    return print_history_text(zones, view_);
  }
  [[nodiscard]] std::string entry(const state::ZoneKey& key,
                                  const state::Entry& entry) const override {
    return print_entry_text(key, entry, view_);
  }
  [[nodiscard]] std::string chains(const std::vector<ChainCheck>& chains) const override {
    return print_chains_text(chains, view_);
  }
  [[nodiscard]] std::string timeline(const std::vector<engine::Timeline>& zones) const override {
    return print_timeline_text(zones, view_);
  }
  [[nodiscard]] std::string holds(const Holds& holds) const override {
    return print_holds_text(holds, view_);
  }
  [[nodiscard]] std::string providers(
      std::span<const provider::ProviderInfo> providers) const override {
    return print_providers_text(providers, view_);
  }
  [[nodiscard]] std::string provider(const provider::ProviderInfo& provider) const override {
    return print_provider_text(provider, view_);
  }

 private:
  View view_;
};

}  // namespace

std::unique_ptr<Renderer> text_renderer(View view) {
  return std::make_unique<TextRenderer>(std::move(view));
}

std::unique_ptr<Renderer> make_renderer(Format format, View view) {
  switch (format) {
    case Format::json: return json_renderer(view);
    case Format::markdown: return markdown_renderer(std::move(view));
    case Format::text: break;
  }
  return text_renderer(std::move(view));
}

}  // namespace mxsmith::cli::render
