// What is fuzzed, and what must hold of any octets: readers return, findings lie inside the text,
// printing what was read gives the same value again.
//
// Each *_fuzz.cpp is a libFuzzer program of one of these; the same functions run over corpus/ as an
// ordinary test. A violation is thrown, which libFuzzer takes for a crash.
#pragma once

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "mail/bimi.hpp"
#include "mail/dkim.hpp"
#include "mail/dmarc.hpp"
#include "mail/mta_sts.hpp"
#include "mail/spf.hpp"
#include "mail/spf_check.hpp"
#include "mail/tls_rpt.hpp"
#include "mail/tlsa.hpp"

namespace mxsmith::fuzz {

inline void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

inline void require_places(const mail::Findings& findings, std::string_view octets) {
  for (const auto& finding : findings.all()) {
    require(finding.at.offset <= octets.size(), "a finding begins behind the text");
    require(finding.at.length <= octets.size() - finding.at.offset, "a finding ends behind it");
  }
}

inline void dkim(std::string_view octets) {
  const auto reading = mail::read_dkim(octets);
  require_places(reading.findings, octets);
  if (const auto key = mail::parse_dkim(octets)) {
    require(mail::parse_dkim(mail::print_dkim(*key)) == key, "DKIM: parse(print(v)) != v");
    require(mail::same_key(*key, *key), "DKIM: a key is not itself");
    require(mail::compare_dkim(*key, *key).empty(), "DKIM: a record differs from itself");
    require(!key->describe().empty(), "DKIM: a key without words");
  }
  if (const auto key = mail::dkim_key_from_text(octets)) {
    require(key->bits().has_value(), "DKIM: a key was taken that cannot be read");
  }
}

inline void dmarc(std::string_view octets) {
  const auto reading = mail::read_dmarc(octets);
  require_places(reading.findings, octets);
  const auto record = mail::parse_dmarc(octets);
  if (!record) return;
  require(mail::parse_dmarc(mail::print_dmarc(*record)) == record, "DMARC: parse(print(v)) != v");
  require(mail::compare_dmarc(record, record).empty(), "DMARC: a record differs from itself");
  mail::external_reports(*record, dns::Name::of("example.com"));
  mail::is_rfc7489_record(octets);
}

/// Record and policy file.
inline void mta_sts(std::string_view octets) {
  require_places(mail::read_mta_sts_record(octets).findings, octets);
  require_places(mail::read_mta_sts_policy(octets).findings, octets);
  if (const auto record = mail::parse_mta_sts_record(octets)) {
    require(mail::parse_mta_sts_record(mail::print_mta_sts_record(*record)) == record,
            "MTA-STS record: parse(print(v)) != v");
  }
  if (const auto policy = mail::parse_mta_sts_policy(octets)) {
    require(mail::parse_mta_sts_policy(mail::print_mta_sts_policy(*policy)) == policy,
            "MTA-STS policy: parse(print(v)) != v");
    require(mail::compare_mta_sts(*policy, *policy).empty(), "MTA-STS: differs from itself");
    for (const auto& pattern : policy->mx) {
      if (!pattern.wildcard) require(policy->allows(pattern.name), "MTA-STS: a host not allowed");
    }
  }
}

/// Usage, selector and matching type in the first three octets; what follows is the data, and a
/// file of certificates or a key.
inline void tlsa(std::string_view octets) {
  if (octets.size() < 3) return;
  dns::Tlsa record;
  record.usage = static_cast<std::uint8_t>(octets[0]);
  record.selector = static_cast<std::uint8_t>(octets[1]);
  record.matching_type = static_cast<std::uint8_t>(octets[2]);
  record.association = octets.substr(3);
  mail::check_tlsa({record});
  require(!mail::describe_tlsa(record).empty(), "TLSA: a record without words");
  const auto chain = mail::read_certificates(octets.substr(3));
  const auto key = mail::read_key_or_certificate(octets.substr(3));
  if (!chain) return;
  require(key.ok() && key->spki == chain->front().spki, "TLSA: a certificate without its key");
  for (const auto usage : {mail::TlsaUsage::dane_ta, mail::TlsaUsage::dane_ee}) {
    const auto made =
        mail::make_tlsa(chain->front(), usage, mail::TlsaSelector::key, mail::TlsaMatching::sha256);
    require(made.ok(), "TLSA: a certificate without a record");
    require(mail::match_tlsa(*made, *chain) == mail::TlsaMatch::matched,
            "TLSA: a record does not match what it was made from");
  }
}

/// The TXT records that are no more than a list of tags.
inline void small_records(std::string_view octets) {
  require_places(mail::read_tls_rpt(octets).findings, octets);
  if (const auto record = mail::parse_tls_rpt(octets)) {
    require(mail::parse_tls_rpt(mail::print_tls_rpt(*record)) == record,
            "TLS-RPT: parse(print(v)) != v");
  }
  require_places(mail::read_bimi(octets).findings, octets);
  if (const auto record = mail::parse_bimi(octets)) {
    require(mail::parse_bimi(mail::print_bimi(*record)) == record, "BIMI: parse(print(v)) != v");
  }
}

/// A world in which every name has the record under test, and every other question is answered by
/// what its name begins with: loops, chains, voids and failures, all from one text.
class SameRecordEverywhere final : public mail::Resolver {
 public:
  explicit SameRecordEverywhere(std::string_view record) : record_(record) {}
  mail::Answer lookup(const dns::Name& name, dns::Type type) override {
    require(++asked_ < 300, "SPF: more than 300 questions");
    const std::string text = name.text();
    const auto draw = static_cast<unsigned char>(text.empty() ? 'a' : text.front());
    if (type != dns::Type::TXT && draw % 5 == 0) return {.status = mail::LookupStatus::failed};
    if (type != dns::Type::TXT && draw % 3 == 0) return {.status = mail::LookupStatus::no_data};
    mail::Answer answer{.status = mail::LookupStatus::found};
    switch (type) {
      case dns::Type::TXT: answer.values = {dns::Txt{record_}}; break;
      case dns::Type::A: answer.values = {dns::A{{192, 0, 2, draw}}}; break;
      case dns::Type::AAAA: answer.values = {dns::Aaaa{{0x20, 1, 0x0d, 0xb8, draw}}}; break;
      case dns::Type::MX: answer.values = {dns::Mx{10, name}}; break;
      case dns::Type::PTR: answer.values = {dns::Ptr{name}}; break;
      default: return {.status = mail::LookupStatus::no_domain};
    }
    return answer;
  }

 private:
  std::string record_;
  unsigned asked_ = 0;
};

/// The record as it is; as what users paste; merged; evaluated.
inline void spf(std::string_view octets) {
  const auto record = mail::parse_spf(octets);
  require(record.ok() || record.fault().offset <= octets.size(), "SPF: a fault behind the text");
  if (record) {
    const auto again = mail::parse_spf(record->text());
    require(again.ok() && mail::same_spelling(*record, *again), "SPF: parse(print(v)) != v");
    for (const auto& term : record->terms)
      require(!term.identity().empty(), "SPF: a nameless term");
    require(record->effective_terms().size() <= record->terms.size(), "SPF: terms out of nothing");
  }
  if (const auto terms = mail::parse_spf_terms(octets)) {
    const auto merged = mail::merge_spf({}, {.add = *terms, .remove = {}, .all = {}});
    if (merged) {
      require(mail::parse_spf(merged->text()).ok(), "SPF: what was merged cannot be read");
      const auto twice =
          mail::merge_spf({merged->text()}, {.add = *terms, .remove = {}, .all = {}});
      require(twice.ok() && mail::same_spelling(*merged, *twice), "SPF: merged twice is not once");
    }
  }
  SameRecordEverywhere world(octets);
  const auto request = mail::spf_request(*mail::Ip::parse("192.0.2.97"), "local-part@example.com",
                                         octets.substr(0, 40));
  const auto evaluation = mail::check_spf(request, world);
  require(evaluation.lookups <= mail::kSpfMostLookups + 1, "SPF: lookups over the limit");
  require(evaluation.result != mail::SpfResult::none || !mail::is_spf(octets),
          "SPF: there is a record, and the result is none");
}

using Target = void (*)(std::string_view);
/// By the names of the folders in corpus/.
inline constexpr std::array<std::pair<std::string_view, Target>, 6> kMailTargets = {
    {{"dkim", dkim},
     {"dmarc", dmarc},
     {"mta_sts", mta_sts},
     {"small_records", small_records},
     {"spf", spf},
     {"tlsa", tlsa}}};

}  // namespace mxsmith::fuzz
