// What an SPF record draws in: the records that it includes or redirects to, what they cost in
// lookups, and where they are broken.
//
// check_spf() follows one sender through a record and stops where that is decided. The tree is what
// a sender goes through whom no term matches: the most that the record can cost (RFC 7208 section
// 4.6.4). Pure, and bounded whatever DNS answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dns/name.hpp"
#include "dns/type.hpp"
#include "mail/resolver.hpp"
#include "mail/spf.hpp"

namespace mxsmith::mail {

/// Records that one tree reads, branches that it has, and questions that it asks, at most. Terms
/// beyond are counted and no more.
inline constexpr std::size_t kSpfTreeMostRecords = 100;
inline constexpr std::size_t kSpfTreeMostBranches = 300;
inline constexpr std::size_t kSpfTreeMostQuestions = 400;

enum class SpfNodeState : std::uint8_t {
  read,
  no_record,    ///< The name has no SPF record.
  no_domain,    ///< The name does not exist, so neither does a record.
  several,      ///< It has more than one (RFC 7208 section 4.5).
  unreadable,   ///< Its record breaks the grammar.
  no_name,      ///< What is included can be no domain name.
  loop,         ///< It stands above itself.
  varies,       ///< Macros make the name, from what only a sender brings.
  failed,       ///< DNS gave no answer.
  not_checked,  ///< Nobody could be asked.
  left_out,     ///< The tree was too large to read on.
};
/// Whether a receiver that gets there ends with permerror (RFC 7208 sections 5.2 and 6.1).
bool is_broken(SpfNodeState state);

/// One question that a term asks, and what came of it.
struct SpfTermAnswer {
  dns::Type type{};
  LookupStatus status = LookupStatus::not_checked;
  std::size_t count = 0;    ///< Of records.
  bool null_mx = false;     ///< The one record is the null MX (RFC 7505).
  std::string reason = {};  ///< As Answer::reason.
};

struct SpfNode;

/// One term that evaluation can reach and that costs lookups.
struct SpfBranch {
  std::size_t term = 0;     ///< Position in the record's terms.
  std::string target = {};  ///< Whom it asks about, without final dot; as spelled where it varies.
  bool varies = false;      ///< Macros make the target, from what only a sender brings.
  unsigned lookups = 0;     ///< That it costs, with all below it.
  std::vector<SpfTermAnswer> answers = {};  ///< Of a (A, AAAA), mx (MX) and exists (A), if asked.
  std::unique_ptr<SpfNode> nested = {};     ///< Of include and redirect.
};

/// One record, or what stands in place of it.
struct SpfNode {
  std::string domain = {};  ///< Without final dot.
  SpfNodeState state = SpfNodeState::read;
  std::string problem = {};              ///< Of all states but `read`: a phrase, hostile text.
  SpfRecord record = {};                 ///< Empty unless `read`.
  unsigned lookups = 0;                  ///< Of all branches.
  std::vector<SpfBranch> branches = {};  ///< In order of evaluation, so redirect is last.
};

/// A question that has no answer.
struct SpfUnknown {
  std::string name;  ///< Without final dot.
  dns::Type type{};
  LookupStatus status = LookupStatus::not_checked;  ///< Or `failed`.
  std::string reason = {};
};

struct SpfTree {
  SpfNode root;
  unsigned lookups = 0;  ///< Exact if `complete`, else what is sure at least.
  /// Lookups that find nothing, for clients of either family; of what was asked.
  unsigned void_lookups_v4 = 0;
  unsigned void_lookups_v6 = 0;
  bool complete = true;  ///< Every record that can be reached was read, or is broken.
  std::vector<SpfUnknown> unknown = {};  ///< Each once.
};

/// Whether the tree asks only for records, or also for what a, mx and exists are about, which does
/// not change the count of lookups, and tells which of them find nothing.
enum class SpfTreeAsk : std::uint8_t { records, terms };

/// The tree of a record that is, or would be, at `domain`.
SpfTree spf_tree(const dns::Name& domain, const SpfRecord& record, Resolver& resolver,
                 SpfTreeAsk ask = SpfTreeAsk::records);
/// The tree of the record that DNS has at `domain`.
SpfTree spf_tree(const dns::Name& domain, Resolver& resolver, SpfTreeAsk ask = SpfTreeAsk::records);

}  // namespace mxsmith::mail
