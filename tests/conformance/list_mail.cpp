// Mail: DKIM keys, SPF beside what belongs to others, and the go-live with its way back.
#include <algorithm>
#include <string_view>

#include "conformance/dkim_keys.hpp"
#include "conformance/story.hpp"

namespace mxsmith::conformance {

namespace {

// --- DKIM ---

std::string dkim_block(const std::string& selector, std::string_view key,
                       const std::string& state = "active") {
  std::string text = "\n[mail.dkim." + selector + "]\nstate = \"" + state + "\"\n";
  if (state != "revoked") text += "public_key = \"" + std::string(key) + "\"\n";
  return text;
}

std::string dkim_text(const KeyPair& keys, std::string_view key) {
  return "v=DKIM1; k=" + std::string(keys.algorithm) + "; p=" + std::string(key);
}

std::string dkim_line(const std::string& selector, const std::string& text) {
  return selector + "._domainkey TXT " + text;
}

/// `text` as several quoted strings of at most `most` octets; it holds neither quote nor backslash.
std::string cut(const std::string& text, std::size_t most) {
  std::string quoted;
  for (std::size_t at = 0; at < text.size(); at += most) {
    quoted.append(quoted.empty() ? "\"" : " \"").append(text.substr(at, most)).append("\"");
  }
  return quoted;
}

Group dkim(const KeyPair& keys) {
  const std::string first = dkim_line("s1", dkim_text(keys, keys.first));
  const std::string second = dkim_line("s2", dkim_text(keys, keys.second));
  return Group("DKIM, " + std::string(keys.kind))
      .state("created", {})
      .with(dkim_block("s1", keys.first))
      .showing({first})
      .state("rotated: the next key is published", {})
      .with(dkim_block("s1", keys.first) + dkim_block("s2", keys.second, "next"))
      .showing({first, second})
      .state("rotated: the old one is revoked", {})
      .with(dkim_block("s1", keys.first, "revoked") + dkim_block("s2", keys.second))
      .showing({dkim_line("s1", "v=DKIM1; p="), second})
      .state("the old selector is gone", {})
      .with(dkim_block("s2", keys.second))
      .showing({second})
      .state("another key under the same selector", {})
      .with(dkim_block("s2", keys.first))
      .showing({dkim_line("s2", dkim_text(keys, keys.first))});
}

/// A text is one octet string; how a provider cuts it is its own affair (RFC 6376 section 3.6.2.2).
Group dkim_cuts() {
  const KeyPair& keys = kDkimKeys[2];
  const std::string text = dkim_text(keys, keys.first);
  const std::string block = dkim_block("s1", keys.first);
  Group group("DKIM cut differently by the provider");
  group.managing("declared");
  for (const std::size_t most : {255U, 254U, 100U, 64U}) {
    group.same("in strings of " + std::to_string(most), {})
        .with(block)
        .showing({dkim_line("s1", text)})
        .after_spelled({dkim_line("s1", cut(text, most))});
  }
  return group;
}

// --- SPF ---

const char* const kTokens[] = {"@ TXT google-site-verification=rXOxyZounnZasA8Z7oaD3c14JdjS9aKSWv",
                               "@ TXT MS=ms12345678"};

std::vector<std::string> with_tokens(std::vector<std::string> lines) {
  lines.insert(lines.end(), std::begin(kTokens), std::end(kTokens));
  return lines;
}

Group spf_beside_tokens() {
  return Group("SPF beside two tokens")
      .managing("declared")
      .beside(with_tokens({}))
      .state("created", {})
      .with("[mail.spf]\ninclude = [\"_spf.foo.com\"]\nall = \"softfail\"\n")
      .showing({"@ TXT v=spf1 include:_spf.foo.com ~all"})
      .state("changed", {})
      .with("[mail.spf]\ninclude = [\"_spf.bar.com\"]\nip4 = [\"192.0.2.1\"]\nall = \"fail\"\n")
      .showing({"@ TXT v=spf1 ip4:192.0.2.1 include:_spf.bar.com -all"})
      .state("a token of ours beside it", {"@ TXT ours=1"})
      .with("[mail.spf]\ninclude = [\"_spf.bar.com\"]\nall = \"fail\"\n")
      .showing({"@ TXT v=spf1 include:_spf.bar.com -all"})
      .state("no longer declared", {"@ TXT ours=1"});
}

Group two_spf() {
  return Group("Two live SPF records become one")
      .managing("declared")
      .state("one", {})
      .with("[mail.spf]\nmx = true\nall = \"fail\"\n")
      .showing({"@ TXT v=spf1 mx -all"})
      .keeping(with_tokens({}))
      .after_outside(with_tokens({"@ TXT v=spf1 a -all", "@ TXT v=spf1 include:foo.com ~all"}));
}

Group merged_spf() {
  return Group("SPF merged into what is live")
      .managing("declared")
      .state("our term comes before the live all", {})
      .with("[mail.spf]\nmode = \"merge\"\ninclude = [\"_spf.foo.com\"]\n")
      .showing({"@ TXT v=spf1 ip4:192.0.2.1 include:_spf.foo.com ~all"})
      .keeping(with_tokens({}))
      .after_outside(with_tokens({"@ TXT v=spf1 ip4:192.0.2.1 ~all"}))
      .state("another term, and the all is ours", {})
      .with("[mail.spf]\nmode = \"merge\"\ninclude = [\"_spf.bar.com\"]\nall = \"fail\"\n")
      .showing({"@ TXT v=spf1 ip4:192.0.2.1 include:_spf.bar.com -all"})
      .keeping(with_tokens({}));
}

/// A record of exactly so many octets.
std::string spf_of(std::size_t octets) {
  constexpr std::string_view kEnd = " -all";
  constexpr std::string_view kInclude = " include:";
  constexpr std::string_view kDomain = ".example.net";
  std::string text = "v=spf1";
  for (int host = 100; octets - text.size() > 80; ++host) {
    text += " ip4:198.51.100." + std::to_string(host);
  }
  const std::size_t used = text.size() + kInclude.size() + kDomain.size() + kEnd.size();
  return text.append(kInclude).append(octets - used, 'x').append(kDomain).append(kEnd);
}

std::string whole_spf(const std::string& text) { return "[mail.spf]\nrecord = \"" + text + "\"\n"; }

Group unusual_spf() {
  Group group("SPF with macros, redirect, and of every length");
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"macros", "v=spf1 exists:%{i}._spf.%{d2} -all"},
      {"more macros", "v=spf1 exists:%{ir}.%{v}._spf.%{d2} include:%{d1r}.foo.com ?all"},
      {"a redirect", "v=spf1 redirect=_spf.foo.com"},
      {"another redirect", "v=spf1 ip4:192.0.2.0/24 redirect=_spf.bar.com"},
      {"450 octets", spf_of(450)},
      {"512 octets", spf_of(512)}};
  for (const auto& [title, text] : rows) {
    group.state(title, {}).with(whole_spf(text)).showing({"@ TXT " + text});
  }
  return group;
}

Group spf_elsewhere() {
  return Group("SPF below the apex")
      .state("at a host", {"mail TXT v=spf1 a -all"})
      .state("changed", {"mail TXT v=spf1 a mx -all"})
      .state("beside a text", {"mail TXT v=spf1 a mx -all", "mail TXT something else"});
}

// --- the go-live ---

const char* const kGoLive = R"(
[[mail.mx]]
host = "in.newmail.example"
priority = 0

[mail.spf]
mode = "merge"
include = ["spf.newmail.example"]
all = "fail"

[mail.dmarc]
policy = "none"
rua = ["mailto:dmarc@example.com"]
)";

std::vector<std::string> old_mail() {
  return with_tokens({"@ 1800 MX 10 mx1.oldmail.example.", "@ 1800 MX 20 mx2.oldmail.example.",
                      "@ 1800 MX 30 backup.isp.example.",
                      "@ TXT v=spf1 ip4:203.0.113.25 include:_spf.oldmail.example ~all"});
}

Group go_live() {
  const KeyPair& keys = kDkimKeys[1];
  return Group("Go-live")
      .managing("declared")
      .beside({"www A 192.0.2.10", "www TXT left alone", "old._domainkey TXT v=DKIM1; p=AAAA",
               "ftp CNAME www.@"})
      .state("all of it in one plan", {})
      .with(kGoLive + dkim_block("se1", keys.first))
      .showing({"@ MX 0 in.newmail.example.",
                "@ TXT v=spf1 ip4:203.0.113.25 include:_spf.oldmail.example "
                "include:spf.newmail.example -all",
                dkim_line("se1", dkim_text(keys, keys.first)),
                "_dmarc TXT v=DMARC1; p=none; rua=mailto:dmarc@example.com"})
      .keeping(with_tokens({}))
      .after_outside(old_mail())
      .rolled_back("rolled back: as it was at the start", old_mail());
}

Group no_mail() {
  return Group("A zone without mail")
      .state("says so", {})
      .with("mail.none = true\n")
      .showing({"@ MX 0 .", "@ TXT v=spf1 -all", "_dmarc TXT v=DMARC1; p=reject"})
      .state("and no longer", {"@ MX 10 mx.foo.com."});
}

}  // namespace

std::vector<Group> mail_groups() {
  std::vector<Group> groups;
  for (const KeyPair& keys : kDkimKeys) groups.push_back(dkim(keys));
  for (Group& group : std::vector<Group>{dkim_cuts(), spf_beside_tokens(), two_spf(), merged_spf(),
                                         unusual_spf(), spf_elsewhere(), go_live(), no_mail()}) {
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace mxsmith::conformance
