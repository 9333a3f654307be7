// A live zone written as a spec: the mail records in words, everything else as [[record]].

#include <algorithm>
#include <map>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "mail/dkim.hpp"
#include "mail/tag_list.hpp"
#include "plan/scope.hpp"
#include "spec/declaring.hpp"
#include "spec/dmarc_keys.hpp"
#include "spec/layers.hpp"
#include "spec/spec.hpp"
#include "spec/spf_keys.hpp"
#include "spec/toml_text.hpp"

namespace mxsmith::spec {

namespace {

/// A table under construction: keys padded so that the values stand in a column.
class Block {
 public:
  explicit Block(std::string header) : header_(std::move(header)) {}

  Block& raw(std::string key, std::string value) {
    lines_.emplace_back(std::move(key), std::move(value));
    return *this;
  }
  Block& text(std::string key, std::string_view value) {
    return raw(std::move(key), toml_string(value));
  }
  Block& texts(std::string key, const std::vector<std::string>& values) {
    if (values.empty()) return *this;
    std::vector<std::string> elements;
    elements.reserve(values.size());
    for (const std::string& value : values) elements.push_back(toml_string(value));
    return raw(std::move(key), toml_list(elements));
  }

  [[nodiscard]] std::string print() const {
    std::size_t width = 0;
    for (const auto& [key, value] : lines_) width = std::max(width, key.size());
    std::string result = header_.empty() ? "" : header_ + "\n";
    for (const auto& [key, value] : lines_) {
      result.append(key).append(width - key.size(), ' ').append(" = ").append(value) += '\n';
    }
    return result;
  }

 private:
  std::string header_;
  std::vector<std::pair<std::string, std::string>> lines_;
};

using Octets = std::vector<std::string>;

/// Takes the one value for which `matches` holds out of the list; nothing when there is none or
/// more than one.
template <class Matches>
std::optional<std::string> take_one(Octets& values, Matches matches) {
  if (std::count_if(values.begin(), values.end(), matches) != 1) return std::nullopt;
  const auto found = std::find_if(values.begin(), values.end(), matches);
  std::string value = std::move(*found);
  values.erase(found);
  return value;
}

std::string host_text(const dns::Name& host) {
  if (host.is_root()) return ".";
  std::string plain = plain_text(host);
  // A single label, or one that would read as relative, keeps its final dot.
  const bool dotted = plain.find('.') != std::string::npos && plain.back() != '@';
  return dotted ? plain : host.text();
}

class SpecWriter {
 public:
  SpecWriter(const plan::LiveZone& live, const WriteOptions& options)
      : live_(live), apex_(live.apex()), options_(options) {}

  std::string write() {
    choose();
    for (const dns::RRset& set : sets_) block_of(set);
    std::string text = head();
    for (const auto* part : {&mx_, &spf_, &dkim_, &dmarc_, &records_}) {
      for (const std::string& block : *part) text += "\n" + block;
    }
    return text;
  }

 private:
  // --- What is written at all.

  void choose() {
    std::map<std::uint32_t, std::size_t> ttls;
    for (const plan::LiveSet& live : live_.sets()) {
      dns::RRset set = live.set;
      if (!keep(live, set)) continue;
      ++ttls[set.ttl];
      sets_.push_back(std::move(set));
    }
    std::sort(sets_.begin(), sets_.end(),
              [](const dns::RRset& a, const dns::RRset& b) { return a.key() < b.key(); });
    std::size_t most = 0;
    for (const auto& [ttl, count] : ttls) {
      if (count > most) common_ttl_ = ttl;
      most = std::max(most, count);
    }
  }

  bool keep(const plan::LiveSet& live, dns::RRset& set) {
    if (set.type == dns::Type::SOA || (set.type == dns::Type::NS && set.name == apex_)) {
      return false;
    }
    if (!live.foreign().empty()) {
      left_out(set, "belongs to " + std::string(live.foreign()));
      return false;
    }
    const auto labels = set.name.labels();
    if (!labels.empty() && labels.front() == "_acme-challenge") {
      left_out(set, "a certificate client changes it (RFC 8555 section 8.4)");
      return false;
    }
    if (options_.mail_only) {
      const auto other = [&](const dns::Rdata& value) {
        return !plan::is_mail_record(apex_, set.key(), value);
      };
      std::erase_if(set.values, other);
    }
    if (set.values.empty()) return false;
    const std::string fault = fault_of(set);
    if (!fault.empty()) left_out(set, fault);
    return fault.empty();
  }

  void left_out(const dns::RRset& set, const std::string& why) {
    left_out_.push_back(base::escape_for_terminal(set.name.text_relative_to(apex_)) + " " +
                        dns::type_name(set.type) + ": " + base::escape_for_terminal(why));
  }

  /// Why a spec would refuse the set; empty when it would not.
  [[nodiscard]] std::string fault_of(const dns::RRset& set) const {
    if (set.type == dns::Type::CNAME && set.name == apex_)
      return "a CNAME cannot stand at the apex";
    if (set.type == dns::Type::CNAME && set.values.size() > 1) return "more than one CNAME";
    if (set.type == dns::Type::CNAME && live_.at(set.name).size() > 1) {
      return "a CNAME cannot stand beside other data";
    }
    bool null_mx = false;
    for (const dns::Rdata& value : set.values) {
      const auto* mx = std::get_if<dns::Mx>(&value);
      null_mx |= mx != nullptr && mx->is_null();
      if (set.type == dns::Type::TXT) continue;
      const auto back = parse_record_value(set.type, dns::print_rdata(value), apex_);
      if (!back) return "a value " + back.fault().message;
    }
    if (null_mx && set.values.size() > 1) return "the null MX stands beside other MX";
    return {};
  }

  // --- Which block a set becomes.

  void block_of(const dns::RRset& set) {
    if (set.type == dns::Type::MX && set.name == apex_) return mx_blocks(set);
    if (const auto selector = selector_of(set.name)) {
      if (dkim_block(set, *selector)) return;
    }
    if (set.type == dns::Type::TXT) return txt_blocks(set);
    Block record = record_block(set);
    Octets values;
    for (const dns::Rdata& value : set.values) values.push_back(dns::print_rdata(value));
    record.texts("values", values);
    finish(records_, record, set);
  }

  void finish(std::vector<std::string>& part, Block& block, const dns::RRset& set) const {
    if (set.ttl != common_ttl_) block.text("ttl", base::print_duration(base::Seconds(set.ttl)));
    part.push_back(block.print());
  }

  void mx_blocks(const dns::RRset& set) {
    for (const dns::Rdata& value : dns::sorted_values(set)) {
      const auto& mx = std::get<dns::Mx>(value);
      Block block("[[mail.mx]]");
      block.text("host", host_text(mx.exchange));
      block.raw("priority", std::to_string(mx.preference));
      finish(mx_, block, set);
    }
  }

  [[nodiscard]] std::string owner_text(const dns::Name& name) const {
    std::string relative = name.text_relative_to(apex_);
    const auto back = dns::Name::parse(relative, apex_);
    const bool same = back.ok() && *back == name;
    return same && !repeats_zone(relative, apex_) ? relative : name.text();
  }

  [[nodiscard]] Block record_block(const dns::RRset& set) const {
    Block block("[[record]]");
    block.text("name", owner_text(set.name)).text("type", dns::type_name(set.type));
    return block;
  }

  void txt_blocks(const dns::RRset& set) {
    Octets values;
    for (const dns::Rdata& value : set.values) {
      values.push_back(std::get<dns::Txt>(value).octets);
    }
    if (set.name == apex_) spf_block(set, values);
    const auto dmarc_name = apex_.child("_dmarc");
    if (dmarc_name.ok() && set.name == *dmarc_name) dmarc_block(set, values);
    if (values.empty()) return;
    Block record = record_block(set);
    Octets readable;
    Octets hexes;
    for (const std::string& value : values) {
      const bool text = is_readable_text(value);
      (text ? readable : hexes).push_back(text ? value : base::hex(value));
    }
    record.texts("values", readable).texts("values_hex", hexes);
    finish(records_, record, set);
  }

  void spf_block(const dns::RRset& set, Octets& values) {
    const auto declarable = [](const std::string& value) {
      return is_readable_text(value) && mail::parse_spf(value).ok();
    };
    if (std::count_if(values.begin(), values.end(), mail::is_spf) != 1 ||
        std::none_of(values.begin(), values.end(), declarable)) {
      return;
    }
    const auto record = take_one(values, mail::is_spf);
    Block block("[mail.spf]");
    if (const auto keys = spf_keys_of(*record)) {
      spf_lines(block, *keys);
    } else {
      block.text("record", *record);
    }
    finish(spf_, block, set);
  }

  static void spf_lines(Block& block, const SpfKeys& keys) {
    for (std::size_t i = 0; i < kSpfLists.size(); ++i) {
      const std::string key(kSpfLists.at(i));
      const bool bare = (key == "a" && keys.bare_a) || (key == "mx" && keys.bare_mx);
      if (bare) block.raw(key, "true");
      block.texts(key, keys.lists.at(i));
    }
    if (keys.redirect) block.text("redirect", *keys.redirect);
    if (keys.all) block.text("all", *keys.all);
    if (keys.exp) block.text("exp", *keys.exp);
  }

  void dmarc_block(const dns::RRset& set, Octets& values) {
    if (std::count_if(values.begin(), values.end(), mail::is_dmarc) != 1) return;
    const auto found = std::find_if(values.begin(), values.end(), mail::is_dmarc);
    const auto record = dmarc_keys_of(*found);
    if (!record) return;
    values.erase(found);
    Block block("[mail.dmarc]");
    dmarc_lines(block, *record);
    finish(dmarc_, block, set);
  }

  static void dmarc_lines(Block& block, const mail::DmarcRecord& record) {
    const auto policy = [&block](const char* key, const std::optional<mail::DmarcAction>& action) {
      if (action) block.text(key, std::string(mail::action_word(*action)));
    };
    const auto alignment = [&block](const char* key,
                                    const std::optional<mail::DmarcAlignment>& mode) {
      if (mode) block.text(key, *mode == mail::DmarcAlignment::strict ? "strict" : "relaxed");
    };
    policy("policy", record.policy);
    policy("subdomain_policy", record.subdomain_policy);
    policy("nonexistent_policy", record.nonexistent_policy);
    block.texts("rua", spelled(record.rua)).texts("ruf", spelled(record.ruf));
    alignment("dkim_alignment", record.dkim_alignment);
    alignment("spf_alignment", record.spf_alignment);
    if (record.testing) block.raw("testing", *record.testing ? "true" : "false");
    if (!record.failure_options.empty()) block.text("failure_options", record.failure_options);
    if (record.public_suffix) {
      block.text("psd", std::string(mail::public_suffix_letter(*record.public_suffix)));
    }
  }

  static Octets spelled(const std::vector<mail::ReportUri>& uris) {
    Octets texts;
    texts.reserve(uris.size());
    for (const mail::ReportUri& uri : uris) texts.push_back(uri.spelled());
    return texts;
  }

  [[nodiscard]] std::optional<std::string> selector_of(const dns::Name& name) const {
    const auto keys = apex_.child("_domainkey");
    if (!keys.ok() || name == *keys || !name.is_at_or_below(*keys)) return std::nullopt;
    std::string selector = name.text_relative_to(*keys);
    const auto back = dns::Name::parse(selector + "._domainkey", apex_);
    if (!back.ok() || *back != name) return std::nullopt;
    return selector;
  }

  /// Whether the set could be written as [mail.dkim.SELECTOR].
  bool dkim_block(const dns::RRset& set, const std::string& selector) {
    Block block("[mail.dkim." + toml_key(selector) + "]");
    if (set.type == dns::Type::CNAME) {
      block.text("cname", host_text(std::get<dns::Cname>(set.values.front()).target));
    } else if (set.type == dns::Type::TXT && set.values.size() == 1) {
      const std::string& text = std::get<dns::Txt>(set.values.front()).octets;
      if (!dkim_lines(block, text)) return false;
    } else {
      return false;
    }
    finish(dkim_, block, set);
    return true;
  }

  static bool dkim_lines(Block& block, const std::string& text) {
    const auto key = mail::parse_dkim(text);
    const bool same = key && mail::print_dkim(*key) == text;
    if (same && key->revoked() && mail::print_dkim(revoked_like(*key)) == text) {
      block.text("state", "revoked");
    } else if (same && !key->revoked() && comes_back(*key)) {
      block.text("public_key", key->public_key);
    } else {
      if (!key || !is_readable_text(text)) return false;
      block.text("txt", text);
      return true;
    }
    if (key->testing) block.raw("testing", "true");
    return true;
  }

  static mail::DkimKey revoked_like(const mail::DkimKey& key) {
    mail::DkimKey revoked;
    revoked.testing = key.testing;
    return revoked;
  }

  /// Whether the key alone tells all that stands in the record.
  static bool comes_back(const mail::DkimKey& key) {
    auto again = mail::dkim_key_from_text(key.public_key);
    if (!again) return false;
    again->testing = key.testing;
    return mail::print_dkim(*again) == mail::print_dkim(key);
  }

  // --- The top of the file.

  [[nodiscard]] std::string head() const {
    std::string text = "#:schema https://mxsmith.dev/schemas/zone-v1.json\n#\n# " +
                       base::escape_for_terminal(apex_.display()) +
                       " as it was when it was imported.\n" +
                       "# SOA and the apex NS are the provider's and stay as they are";
    text += options_.mail_only ? ", and so does all that is not mail.\n" : ".\n";
    if (!left_out_.empty()) text += "# Left out, and therefore not touched:\n";
    for (const std::string& line : left_out_) text += "#   " + line + "\n";
    Block top("");
    top.text("zone", plain_text(apex_));
    if (options_.zone_id) {
      top.raw("provider", "{account = " + toml_string(options_.provider) +
                              ", zone_id = " + toml_string(*options_.zone_id) + "}");
    } else {
      top.text("provider", options_.provider);
    }
    if (!sets_.empty()) top.text("ttl", base::print_duration(base::Seconds(common_ttl_)));
    return text + "\n" + top.print();
  }

  const plan::LiveZone& live_;
  const dns::Name& apex_;
  const WriteOptions& options_;
  std::uint32_t common_ttl_ = 0;
  std::vector<dns::RRset> sets_;
  std::vector<std::string> left_out_;
  std::vector<std::string> mx_;
  std::vector<std::string> spf_;
  std::vector<std::string> dkim_;
  std::vector<std::string> dmarc_;
  std::vector<std::string> records_;
};

}  // namespace

std::string write_spec(const plan::LiveZone& live, const WriteOptions& options) {
  return SpecWriter(live, options).write();
}

}  // namespace mxsmith::spec
