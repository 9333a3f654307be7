#include "cli/render/new_key.hpp"

#include "base/text.hpp"
#include "cli/render/fenced.hpp"
#include "cli/render/json_values.hpp"
#include "cli/render/text.hpp"

namespace mxsmith::cli::render {

namespace {

using mail::SelectorState;

std::string file_on(const std::string& folder, const NewKey& made) {
  return folder + "/" + made.private_file.filename().string();
}
std::string opendkim_file(const NewKey& made) { return file_on("/etc/dkimkeys", made); }
std::string rspamd_file(const NewKey& made) { return file_on("/var/lib/rspamd/dkim", made); }

bool opendkim_signs(const NewKey& made) { return made.key.key.algorithm == "rsa"; }

std::string owner_of(const NewKey& made) {
  return made.key.selector + "._domainkey." + zone_text(made.key.domain);
}

/// The lines as they are to be pasted: never broken.
void put_block(Page& page, std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    page.add("  " + safe(lines.substr(0, end)));
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
}

void put_titled(Page& page, const std::string& title, const std::string& where,
                std::string_view lines) {
  page.blank();
  Line line;
  line.text(title, Ink::bold);
  if (!where.empty()) line.text("   " + where, Ink::dim);
  page.add(line);
  put_block(page, lines);
}

std::string next_words(const NewKey& made) {
  const std::string publish =
      "put the lines into the spec and apply it; give the private key to the signer";
  if (made.state == SelectorState::next) {
    return publish +
           ". An hour after the record is there, change the signer over and write state = "
           "\"active\" here and \"retiring\" at the old key";
  }
  return publish + ", and let it sign once the record is there";
}

std::string text_of(const NewKey& made, const View& view) {
  Page page = page_for(view);
  page.paragraph(Line().text("New key", Ink::bold), kLabelColumn,
                 "selector " + safe(made.key.selector) + " of " + safe(made.key.domain.display()) +
                     ", " + made.key.key.describe());
  page.paragraph(Line().text("Private key", Ink::bold), kLabelColumn,
                 safe(made.private_file.string()) + " (mode 600): move it to the mail server");
  if (made.in_git) {
    page.paragraph(Line(), kLabelColumn,
                   "this folder belongs to a Git repository: the private key must not get into it",
                   Ink::yellow);
  }
  page.paragraph(Line().text("Public key", Ink::bold), kLabelColumn,
                 safe(made.public_file.string()));
  put_titled(page, "In the spec", made.spec ? safe(made.spec->string()) : "", spec_lines(made));
  put_titled(page, "DNS record", owner_of(made) + " TXT", mail::print_dkim(made.key.key));
  put_titled(page, "In a zone file", "BIND, NSD, Knot", mail::dkim_zone_lines(made.key));
  if (opendkim_signs(made)) {
    put_titled(page, "OpenDKIM", "KeyTable",
               mail::opendkim_key_table(made.key, opendkim_file(made)));
    put_titled(page, "OpenDKIM", "SigningTable (refile:)", mail::opendkim_signing_table(made.key));
  } else {
    put_titled(page, "OpenDKIM", "", "its releases do not sign with Ed25519");
  }
  put_titled(page, "rspamd", "local.d/dkim_signing.conf",
             mail::rspamd_signing(made.key, rspamd_file(made)));
  page.blank();
  page.paragraph(Line().text("next", Ink::bold), kLabelColumn, next_words(made));
  return page.text();
}

std::string json_of(const NewKey& made) {
  Json json = document("dkim_new");
  json["domain"] = zone_text(made.key.domain);
  json["selector"] = made.key.selector;
  json["name"] = owner_of(made);
  json["record"] = mail::print_dkim(made.key.key);
  json["key"] = made.key.key.describe();
  json["private_key_file"] = utf8(made.private_file.string());
  json["public_key_file"] = utf8(made.public_file.string());
  json["in_git"] = made.in_git;
  json["spec"] = utf8(spec_lines(made));
  json["zone_file"] = mail::dkim_zone_lines(made.key);
  json["opendkim"] =
      opendkim_signs(made)
          ? Json{{"key_table", utf8(mail::opendkim_key_table(made.key, opendkim_file(made)))},
                 {"signing_table", mail::opendkim_signing_table(made.key)}}
          : Json();
  json["rspamd"] = utf8(mail::rspamd_signing(made.key, rspamd_file(made)));
  return dumped(json);
}

}  // namespace

std::string spec_lines(const NewKey& made) {
  const bool dotted = made.key.selector.find('.') != std::string::npos;
  const std::string quote = dotted ? "\"" : "";
  std::string path;
  for (const char c : made.spec_path) {
    if (c == '"' || c == '\\') path += '\\';
    path += c;
  }
  return "[mail.dkim." + quote + made.key.selector + quote + "]\npublic_key_file = \"" + path +
         "\"\nstate = \"" + std::string(mail::selector_state_word(made.state)) + "\"\n";
}

std::string print_new_key(const NewKey& made, Format format, const View& view) {
  switch (format) {
    case Format::json: return json_of(made);
    case Format::markdown: return fenced("text", text_of(made, view));
    case Format::text: break;
  }
  return text_of(made, view);
}

}  // namespace mxsmith::cli::render
