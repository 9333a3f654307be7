#include "cli/render/sts_policy.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/render/fenced.hpp"
#include "cli/render/json_values.hpp"
#include "cli/render/text.hpp"

namespace mxsmith::cli::render {

namespace {

using Written = StsPolicyFile::Written;

std::string_view written_word(Written written) {
  switch (written) {
    case Written::no: return "not written";
    case Written::created: return "written";
    case Written::replaced: return "replaced";
    case Written::unchanged: break;
  }
  return "unchanged";
}

std::string with_plain_lines(const std::string& text) {
  std::string plain;
  std::copy_if(text.begin(), text.end(), std::back_inserter(plain),
               [](char c) { return c != '\r'; });
  return plain;
}

bool any_written(const std::vector<StsPolicyFile>& files) {
  return std::any_of(files.begin(), files.end(),
                     [](const StsPolicyFile& file) { return file.file.has_value(); });
}

/// One line for each zone, after --out.
std::string list_of(const std::vector<StsPolicyFile>& files, const View& view) {
  Page page = page_for(view);
  for (const StsPolicyFile& one : files) {
    Line line;
    line.text(safe(one.file ? one.file->string() : one.zone.display()), Ink::bold);
    line.text("   " + std::string(mail::mode_word(one.policy.mode)) + ", id " + one.id);
    page.add(std::move(line), written_word(one.written));
  }
  return page.text();
}

std::string text_of(const std::vector<StsPolicyFile>& files, const View& view) {
  if (any_written(files)) return list_of(files, view);
  if (files.size() == 1) return files.front().text;
  Page page = page_for(view);
  for (const StsPolicyFile& one : files) {
    if (&one != &files.front()) page.blank();
    page.add(Line().text(safe(one.url), Ink::bold), "id " + one.id);
    for (const std::string& line : base::split(base::trim(with_plain_lines(one.text)), '\n')) {
      page.add("  " + safe(line));
    }
  }
  return page.text();
}

std::string markdown_of(const std::vector<StsPolicyFile>& files) {
  std::string text;
  for (const StsPolicyFile& one : files) {
    text += "**" + base::escape_for_markdown(one.zone.display()) + "** at `" + safe(one.url) +
            "`, id `" + one.id + "`\n\n";
    text += fenced("text", with_plain_lines(one.text)) + "\n";
  }
  return text;
}

std::string json_of(const std::vector<StsPolicyFile>& files) {
  Json json = document("mta_sts");
  json["zones"] = Json::array();
  for (const StsPolicyFile& one : files) {
    Json hosts = Json::array();
    for (const mail::MxPattern& host : one.policy.mx) hosts.push_back(host.text());
    json["zones"].push_back(
        {{"zone", zone_text(one.zone)},
         {"mode", mail::mode_word(one.policy.mode)},
         {"max_age", one.policy.max_age},
         {"mx", std::move(hosts)},
         {"id", one.id},
         {"record", one.record},
         {"url", one.url},
         {"policy", one.text},
         {"file", one.file ? Json(utf8(one.file->string())) : Json()},
         {"written", written_word(one.written)},
         {"changes_at", one.changes_at ? Json(base::print_instant(*one.changes_at)) : Json()},
         {"changes_by", utf8(one.changes_by)},
         {"ends", one.ends}});
  }
  return dumped(json);
}

void put_change(Page& page, const StsPolicyFile& one) {
  if (!one.changes_at) return;
  const std::string when = " at " + base::print_instant_local(*one.changes_at, base::WithDate::yes);
  std::string words = safe(one.zone.display());
  if (one.ends) {
    words += " has no policy any more by " + safe(one.changes_by) + when +
             ": serve mode none first, until senders have forgotten this one";
  } else {
    words += " gets another policy by " + safe(one.changes_by) + when +
             ": serve that one shortly before (--at " + base::print_instant(*one.changes_at) + ")";
  }
  page.paragraph(Line().text("changes", Ink::bold), kLabelColumn, words);
}

}  // namespace

std::string sts_policy_url(const dns::Name& zone) {
  return "https://mta-sts." + zone_text(zone) + "/.well-known/mta-sts.txt";
}

std::string print_sts_policies(const std::vector<StsPolicyFile>& files, Format format,
                               const View& view) {
  switch (format) {
    case Format::json: return json_of(files);
    case Format::markdown: return markdown_of(files);
    case Format::text: break;
  }
  return text_of(files, view);
}

std::string print_sts_advice(const std::vector<StsPolicyFile>& files, const View& view) {
  if (files.empty()) return {};
  Page page = page_for(view);
  if (files.size() == 1) {
    const StsPolicyFile& one = files.front();
    page.paragraph(Line().text("serve it at", Ink::bold), kLabelColumn, safe(one.url));
    page.paragraph(Line().text("record", Ink::bold), kLabelColumn,
                   "_mta-sts." + zone_text(one.zone) + " TXT \"" + one.record + "\"");
  } else if (any_written(files)) {
    page.paragraph(Line().text("serve them at", Ink::bold), kLabelColumn,
                   "https://mta-sts.ZONE/.well-known/mta-sts.txt: each folder is the document root "
                   "of its host");
  }
  page.paragraph(Line().text("how", Ink::bold), kLabelColumn,
                 "as text/plain, without redirect, under a certificate for the host that mail "
                 "servers trust; the host needs an A or AAAA record");
  page.paragraph(Line().text("order", Ink::bold), kLabelColumn,
                 "first the file, on every server that answers for the host; then `mxsmith apply`, "
                 "which publishes the id. The other way round, senders fetch the old file under "
                 "the new id and keep it");
  for (const StsPolicyFile& one : files) put_change(page, one);
  return page.text();
}

}  // namespace mxsmith::cli::render
