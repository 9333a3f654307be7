#include "plan/describe_txt.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "dns/rdata.hpp"
#include "mail/dkim.hpp"
#include "mail/spf.hpp"
#include "mail/tag_list.hpp"
#include "plan/pairing.hpp"
#include "plan/txt_kind.hpp"

namespace mxsmith::plan {
namespace {

std::string presentation(const std::string& octets) { return dns::print_rdata(dns::Txt{octets}); }

/// What a record of each kind begins with, as far as it has a version.
std::string_view version_of(TxtKind kind) {
  switch (kind) {
    case TxtKind::spf: return "v=spf1";
    case TxtKind::dmarc: return "v=DMARC1";
    case TxtKind::mta_sts: return "v=STSv1";
    case TxtKind::tls_rpt: return "v=TLSRPTv1";
    case TxtKind::bimi: return "v=BIMI1";
    case TxtKind::dkim:
    case TxtKind::other: break;
  }
  return "";
}

Part whole(TxtKind kind, const std::string& octets) {
  const std::string_view version = version_of(kind);
  const std::string text = presentation(octets);
  if (kind == TxtKind::dkim) return {"p", text};
  return {version.empty() ? text : std::string(version), text};
}

std::vector<Part> tag_parts(const std::string& octets) {
  std::vector<Part> parts;
  for (const auto& tag : mail::parse_tag_list(octets).tags) {
    if (tag.name == "v") continue;
    parts.push_back({tag.name, tag.bare ? tag.name : tag.name + "=" + tag.value});
  }
  return parts;
}

std::optional<std::vector<Part>> spf_parts(const std::string& octets) {
  const auto record = mail::parse_spf(octets);
  if (!record) return {};
  std::vector<Part> parts;
  for (const auto& term : record->terms) parts.push_back({term.identity(), term.text});
  return parts;
}

/// A key is not read by eye, so p= stands for its fingerprint.
std::vector<Part> dkim_parts(const std::string& octets, const mail::DkimKey& key) {
  std::vector<Part> parts = tag_parts(octets);
  for (auto& part : parts) {
    if (part.identity == "p") part.text = key.describe();
  }
  return parts;
}

using Deltas = std::vector<Delta>;

Deltas spf_deltas(const std::string& before, const std::string& after) {
  const auto old = spf_parts(before);
  const auto now = spf_parts(after);
  if (old && now) return pair_in_order(*old, *now);
  return {paired(whole(TxtKind::spf, before), whole(TxtKind::spf, after))};
}

Deltas dkim_deltas(const std::string& before, const std::string& after) {
  const auto old = mail::parse_dkim(before);
  const auto now = mail::parse_dkim(after);
  if (old && now) return pair_unordered(dkim_parts(before, *old), dkim_parts(after, *now));
  return {removed(whole(TxtKind::dkim, before)), added(whole(TxtKind::dkim, after))};
}

/// How one record became another of its kind.
Deltas value_deltas(TxtKind kind, const std::string& before, const std::string& after) {
  Deltas deltas;
  switch (kind) {
    case TxtKind::spf: deltas = spf_deltas(before, after); break;
    case TxtKind::dkim: deltas = dkim_deltas(before, after); break;
    case TxtKind::other: return {removed(whole(kind, before)), added(whole(kind, after))};
    default: deltas = pair_unordered(tag_parts(before), tag_parts(after)); break;
  }
  // The octets differ, be it by spaces or order alone: a change never reads as none.
  if (all_kept(deltas)) {
    deltas.push_back({Delta::Kind::changed, "spelling", presentation(before), presentation(after)});
  }
  return deltas;
}

std::string dkim_headline(const std::vector<std::string>& before,
                          const std::vector<std::string>& after) {
  const auto key_of = [](const std::vector<std::string>& texts) {
    return texts.empty() ? std::nullopt : mail::parse_dkim(texts.front());
  };
  const auto old = key_of(before);
  const auto now = key_of(after);
  if (!old && !now) return "";
  if (!now) return "DKIM key " + old->describe();
  if (now->revoked()) return "DKIM key revoked";
  if (!old) return "DKIM key " + now->describe();
  if (mail::same_key(*old, *now)) return "DKIM key " + now->describe();
  return std::string(old->revoked() ? "DKIM key " : "DKIM key rotated, ") + now->describe();
}

std::string headline_of(TxtKind kind, const std::vector<std::string>& before,
                        const std::vector<std::string>& after) {
  if (kind == TxtKind::dkim) return dkim_headline(before, after);
  // A record that comes or goes whole is its own headline.
  if (before.empty() || after.empty()) return "";
  return std::string(version_of(kind));
}

struct Sorted {
  std::vector<std::string> before, after;
};

/// The values of one kind that differ; those that stay go to `other`.
Sorted of_kind(TxtKind kind, const dns::Name& name, const std::vector<std::string>& before,
               const std::vector<std::string>& after, std::vector<std::string>& other) {
  const auto holds = [](const std::vector<std::string>& texts, const std::string& text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
  };
  Sorted sorted;
  for (const auto& text : before) {
    if (txt_kind(name, text) != kind) continue;
    if (holds(after, text)) {
      other.push_back(presentation(text));
    } else {
      sorted.before.push_back(text);
    }
  }
  for (const auto& text : after) {
    if (txt_kind(name, text) == kind && !holds(before, text)) sorted.after.push_back(text);
  }
  return sorted;
}

/// Pairs value by value; what is left over came or went whole. Values of no kind have nothing to
/// be paired by.
Deltas deltas_of(TxtKind kind, const Sorted& values) {
  const std::size_t pairs =
      kind == TxtKind::other ? 0 : std::min(values.before.size(), values.after.size());
  Deltas deltas;
  for (std::size_t i = 0; i < pairs; ++i) {
    auto some = value_deltas(kind, values.before[i], values.after[i]);
    std::move(some.begin(), some.end(), std::back_inserter(deltas));
  }
  for (std::size_t i = pairs; i < values.before.size(); ++i) {
    deltas.push_back(removed(whole(kind, values.before[i])));
  }
  for (std::size_t i = pairs; i < values.after.size(); ++i) {
    deltas.push_back(added(whole(kind, values.after[i])));
  }
  return deltas;
}

}  // namespace

ChangeText describe_txt(const dns::Name& name, const std::vector<std::string>& before,
                        const std::vector<std::string>& after) {
  ChangeText text;
  for (const auto kind : {TxtKind::spf, TxtKind::dkim, TxtKind::dmarc, TxtKind::mta_sts,
                          TxtKind::tls_rpt, TxtKind::bimi, TxtKind::other}) {
    const Sorted values = of_kind(kind, name, before, after, text.other);
    if (values.before.empty() && values.after.empty()) continue;
    const std::string headline = headline_of(kind, values.before, values.after);
    if (!headline.empty()) text.headline += (text.headline.empty() ? "" : ", ") + headline;
    auto deltas = deltas_of(kind, values);
    std::move(deltas.begin(), deltas.end(), std::back_inserter(text.deltas));
  }
  return text;
}

}  // namespace mxsmith::plan
