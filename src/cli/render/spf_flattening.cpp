#include "cli/render/spf_flattening.hpp"

#include <utility>

#include "base/text.hpp"
#include "cli/render/fenced.hpp"
#include "cli/render/json_values.hpp"
#include "cli/render/text.hpp"

namespace mxsmith::cli::render {

namespace {

/// A basic string of TOML; SPF holds nothing but visible US-ASCII.
std::string toml_text(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string blocks_words(const mail::IpSet& set) {
  return base::counted(set.networks().size(), "block");
}

void put_terms(Page& page, const mail::SpfFlattening& flattening) {
  for (const auto& one : flattening.replaced) {
    Line line;
    line.text("  replaced", Ink::green).column(kLabelColumn).text(safe(one.term));
    page.add(std::move(line), blocks_words(one.addresses));
  }
  for (const auto& one : flattening.kept) {
    Line line;
    line.text("  stays", Ink::yellow).column(kLabelColumn);
    page.paragraph(line, kLabelColumn, safe(one.term) + ": " + safe(one.reason));
  }
}

void put_flattening(Page& page, const SpfFlatReport& report) {
  const auto& flattening = report.flattening;
  Line head;
  head.text(safe(report.name.display()), Ink::bold);
  head.text("   lookups " + std::to_string(flattening.lookups_before) + " -> " +
            std::to_string(flattening.lookups_after) + " of " +
            std::to_string(mail::kSpfMostLookups));
  page.add(head);
  put_terms(page, flattening);
  if (flattening.replaced.empty()) {
    page.add("Nothing is replaced: the record stays as it is.");
    return;
  }
  page.blank();
  for (const auto& record : flattening.records) {
    page.add(Line().text(safe(record.name.display()), Ink::bold),
             std::to_string(record.text.size()) + " octets");
    page.paragraph(Line().text("  "), 4, safe(record.text));
  }
  if (flattening.answer_octets > mail::kDnsUdpOctets) {
    page.paragraph(Line().text("Size", Ink::bold), kLabelColumn,
                   "an answer with all TXT values of the name takes " +
                       std::to_string(flattening.answer_octets) +
                       " octets, more than the 512 of plain UDP: move other values to names of "
                       "their own");
  }
  page.blank();
  page.add("For the spec:", Ink::bold);
  page.blank();
  for (const auto& line : base::split(base::trim(spf_spec_lines(report)), '\n')) {
    page.add(safe(line));
  }
  page.blank();
  if (report.source_file) {
    page.paragraph(Line().text("Source", Ink::bold), kLabelColumn,
                   safe(report.source_file->string()) +
                       " says what was replaced by what; `mxsmith spf flatten --check " +
                       safe(report.source_file->string()) + "` tells when it is out of date");
  } else {
    page.paragraph(Line().text("Source", Ink::bold), kLabelColumn,
                   "not written: --out FILE keeps what was replaced by what, so that a later "
                   "check can tell when it is out of date");
  }
}

Json to_json(const mail::SpfFlattening& flattening) {
  Json replaced = Json::array();
  for (const auto& one : flattening.replaced) {
    replaced.push_back({{"term", utf8(one.term)},
                        {"domain", utf8(one.domain)},
                        {"networks", list(one.addresses.texts())}});
  }
  Json kept = Json::array();
  for (const auto& one : flattening.kept) {
    kept.push_back(
        {{"term", utf8(one.term)}, {"reason", utf8(one.reason)}, {"volatile", one.is_volatile}});
  }
  Json records = Json::array();
  for (const auto& one : flattening.records) {
    records.push_back({{"name", zone_text(one.name)}, {"text", utf8(one.text)}});
  }
  return {{"before", utf8(flattening.before)},
          {"replaced", std::move(replaced)},
          {"kept", std::move(kept)},
          {"records", std::move(records)},
          {"lookups_before", flattening.lookups_before},
          {"lookups_after", flattening.lookups_after},
          {"answer_octets", flattening.answer_octets}};
}

void put_flattening(Json& json, const SpfFlatReport& report) {
  json["name"] = zone_text(report.name);
  json.update(to_json(report.flattening));
  json["spec"] = spf_spec_lines(report);
  json["source_file"] = report.source_file ? Json(utf8(report.source_file->string())) : Json();
}

void put_drift(Page& page, const mail::SpfDrift& drift) {
  Line line;
  const bool holds = drift.none();
  const std::string_view word = holds                   ? "up to date"
                                : drift.problem.empty() ? "out of date"
                                                        : "not checked";
  line.text("  " + std::string(word), holds ? Ink::green : Ink::red).column(kLabelColumn);
  page.paragraph(line, kLabelColumn,
                 safe(drift.term) + (drift.problem.empty() ? "" : ": " + safe(drift.problem)));
  const auto put = [&](std::string_view label, const mail::IpSet& set, Ink ink) {
    if (set.empty()) return;
    Line part;
    part.text("    ").text(label, ink).column(kLabelColumn);
    page.paragraph(part, kLabelColumn, base::join(set.texts(), " "));
  };
  put("gained", drift.gained, Ink::green);
  put("lost", drift.lost, Ink::red);
}

std::string drift_text(const SpfDriftReport& report, const View& view) {
  Page page = page_for(view);
  page.add(Line()
               .text(safe(report.source.name.display()), Ink::bold)
               .text("   flattened " +
                     base::print_instant_local(report.source.made_at, base::WithDate::yes)));
  for (const auto& drift : report.drifts) put_drift(page, drift);
  if (!report.problem.empty()) {
    page.paragraph(Line().text("Not renewed", Ink::bold), kLabelColumn, safe(report.problem));
  }
  if (report.renewed) {
    page.blank();
    put_flattening(page, *report.renewed);
  }
  return page.text();
}

std::string drift_json(const SpfDriftReport& report) {
  Json json = document("spf_flatten_check");
  json["name"] = zone_text(report.source.name);
  json["made_at"] = base::print_instant(report.source.made_at);
  bool current = true;
  json["includes"] = Json::array();
  for (const auto& drift : report.drifts) {
    current = current && drift.none();
    json["includes"].push_back({{"term", utf8(drift.term)},
                                {"gained", list(drift.gained.texts())},
                                {"lost", list(drift.lost.texts())},
                                {"problem", utf8(drift.problem)}});
  }
  json["up_to_date"] = current;
  json["problem"] = utf8(report.problem);
  json["renewed"] = nullptr;
  if (report.renewed) {
    Json renewed = Json::object();
    put_flattening(renewed, *report.renewed);
    json["renewed"] = std::move(renewed);
  }
  return dumped(json);
}

View without_color(View view) {
  view.color = false;
  return view;
}

}  // namespace

std::string spf_spec_lines(const SpfFlatReport& report) {
  const dns::Name& zone = report.zone.value_or(report.name);
  std::string lines = "[mail.spf]\n";
  if (zone != report.name) {
    lines += "name   = " + toml_text(report.name.text_relative_to(zone)) + "\n";
  }
  const auto& records = report.flattening.records;
  lines += "record = " + toml_text(records.front().text) + "\n";
  for (auto part = records.begin() + 1; part < records.end(); ++part) {
    lines += "\n[[record]]\nname   = ";
    lines += toml_text(part->name.text_relative_to(zone));
    lines += "\ntype   = \"TXT\"\nvalues = [";
    lines += toml_text(part->text);
    lines += "]\n";
  }
  return lines;
}

std::string print_spf_flattening(const SpfFlatReport& report, Format format, const View& view) {
  if (format == Format::json) {
    Json json = document("spf_flatten");
    put_flattening(json, report);
    return dumped(json);
  }
  const bool plain = format == Format::markdown;
  Page page = page_for(plain ? without_color(view) : view);
  put_flattening(page, report);
  return plain ? fenced("text", page.text()) : page.text();
}

std::string print_spf_drift(const SpfDriftReport& report, Format format, const View& view) {
  if (format == Format::json) return drift_json(report);
  if (format == Format::markdown) return fenced("text", drift_text(report, without_color(view)));
  return drift_text(report, view);
}

}  // namespace mxsmith::cli::render
