// Every future state of a zone: what it means, which records change, what is left to do by hand.
#include "base/text.hpp"
#include "cli/render/text.hpp"
#include "cli/render/timeline_words.hpp"
#include "cli/render/words.hpp"

namespace mxsmith::cli::render {

namespace {

using Kind = spec::Moment::Kind;

class TimelinePage {
 public:
  TimelinePage(const engine::Timeline& zone, const View& view, Page& page)
      : zone_(zone), view_(view), page_(page) {}

  void put() {
    page_.add(Line().text(safe(zone_.spec.zone.display()), Ink::bold),
              safe(zone_.spec.file.string()));
    page_.paragraph(Line().text("Now", Ink::bold), kLabelColumn, safe(in_force_words(zone_)));
    put_selectors_now();
    for (const auto& point : zone_.points) {
      if (!is_told(point)) continue;
      page_.blank();
      point.moment.kind == Kind::stage ? put_stage(point) : put_ttl(point);
    }
    if (zone_.points.empty()) return;
    page_.blank();
    page_.add("Then nothing is ahead.", Ink::dim);
  }

 private:
  void put_selectors_now() {
    std::vector<Page::Item> items;
    items.reserve(zone_.now.selectors.size());
    for (const auto& one : zone_.now.selectors) {
      items.push_back({safe(one.selector) + " " + std::string(selector_state_word(one.state))});
    }
    if (!items.empty()) {
      page_.wrapped(Line().text("DKIM keys", Ink::bold), kLabelColumn, items, ", ");
    }
  }

  void put_head(const engine::TimelinePoint& point, const std::string& what, Ink ink) {
    Line line;
    line.text(base::print_instant_local(point.moment.at, base::WithDate::yes), ink);
    line.text("   " + what);
    page_.add(std::move(line), place_note(point.moment.pos, zone_.spec.file.string()));
  }

  void put_ttl(const engine::TimelinePoint& point) {
    put_head(point, safe(point.moment.name), Ink::plain);
    page_.paragraph(Line(), kLabelColumn, safe(ttl_sets(point)));
  }

  /// "14 days after switch": what DKIM and DMARC wait for is counted in days between stages.
  std::string distance(const engine::TimelinePoint& point) {
    const engine::TimelinePoint* before = last_stage_;
    last_stage_ = &point;
    if (before == nullptr) return {};
    constexpr std::string_view kStage = "stage ";
    const std::string name = before->moment.name.substr(kStage.size());
    return ", " + base::print_duration_words(point.moment.at - before->moment.at) + " after " +
           safe(name);
  }

  void put_stage(const engine::TimelinePoint& point) {
    put_head(point, safe(point.moment.name) + distance(point), Ink::bold);
    put_impact(page_, point.plan, Unchanged::hidden);
    const auto steps = selector_steps(point);
    for (const SelectorStep& step : steps) {
      Line start;
      start.text(&step == &steps.front() ? "DKIM keys" : "", Ink::bold).column(kLabelColumn);
      start.text(safe(step.selector));
      page_.paragraph(start, start.width() + 2, safe(step_words(step)));
    }
    for (const auto& change : point.plan.changes) put_change(page_, point.plan, change, view_);
    if (point.plan.empty()) page_.add("  no record changes");
    for (const auto& task : by_hand_words(zone_.spec, point)) {
      page_.paragraph(Line().text("To do", Ink::yellow), kLabelColumn, safe(task));
    }
  }

  const engine::Timeline& zone_;
  const View& view_;
  Page& page_;
  const engine::TimelinePoint* last_stage_ = nullptr;
};

}  // namespace

std::string print_timeline_text(const std::vector<engine::Timeline>& zones, const View& view) {
  Page page = page_for(view);
  for (const auto& zone : zones) {
    if (&zone != &zones.front()) page.blank();
    TimelinePage(zone, view, page).put();
  }
  return page.text();
}

}  // namespace mxsmith::cli::render
