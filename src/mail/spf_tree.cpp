#include "mail/spf_tree.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "mail/spf_domain.hpp"

namespace mxsmith::mail {
namespace {

/// The letters whose value the tree knows: %{d} is the record's own domain, and %{o} that of the
/// sender, for whom the outermost record is asked (RFC 7208 sections 2.4 and 7.2).
bool is_known(const SpfMacros& macros) {
  return std::all_of(macros.begin(), macros.end(), [](const SpfMacro& macro) {
    return macro.letter == 0 || macro.letter == 'd' || macro.letter == 'o';
  });
}

bool asks_for_validated_name(const SpfTerm& term) {
  return std::any_of(term.macros.begin(), term.macros.end(),
                     [](const SpfMacro& macro) { return macro.letter == 'p'; });
}

class Walk {
 public:
  Walk(const dns::Name& domain, Resolver& resolver, SpfTreeAsk ask)
      : resolver_(resolver), ask_(ask), top_(plain_text(domain)) {}

  SpfTree of_record(const SpfRecord& record) {
    tree_.root.domain = top_;
    tree_.root.record = record;
    grow(tree_.root);
    return finish();
  }

  SpfTree of_domain() {
    read(tree_.root, top_);
    return finish();
  }

 private:
  SpfTree finish() {
    tree_.lookups = tree_.root.lookups;
    return std::move(tree_);
  }

  // ---- questions ----

  Answer ask(const dns::Name& name, dns::Type type) {
    if (++questions_ > kSpfTreeMostQuestions) {
      Answer none;
      none.reason = "one record asks for too much";
      // Told for the first name alone: the rest may be thousands.
      if (questions_ == kSpfTreeMostQuestions + 1) note_unknown(plain_text(name), type, none);
      return none;
    }
    Answer answer = resolver_.lookup(name, type);
    const bool lost =
        answer.status == LookupStatus::failed || answer.status == LookupStatus::not_checked;
    if (lost) note_unknown(plain_text(name), type, answer);
    return answer;
  }

  void note_unknown(std::string name, dns::Type type, const Answer& answer) {
    const bool known =
        std::any_of(tree_.unknown.begin(), tree_.unknown.end(),
                    [&](const SpfUnknown& one) { return one.type == type && one.name == name; });
    if (!known) tree_.unknown.push_back({std::move(name), type, answer.status, answer.reason});
  }

  /// For which clients a term asks a question: `a` asks for A or for AAAA.
  enum class Clients : std::uint8_t { ip4, ip6, all };

  void ask_for_term(SpfBranch& branch, const dns::Name& name, dns::Type type, Clients clients) {
    const Answer answer = ask(name, type);
    SpfTermAnswer shown{type, answer.status, answer.values.size(), false, answer.reason};
    if (answer.values.size() == 1) {
      const auto* mx = std::get_if<dns::Mx>(&answer.values.front());
      shown.null_mx = mx != nullptr && mx->is_null();
    }
    branch.answers.push_back(std::move(shown));
    if (!answer.is_void()) return;
    if (clients != Clients::ip6) ++tree_.void_lookups_v4;
    if (clients != Clients::ip4) ++tree_.void_lookups_v6;
  }

  void ask_about(const SpfTerm& term, SpfBranch& branch) {
    const auto name = spf_name(branch.target);
    if (ask_ == SpfTreeAsk::records || branch.varies || !name) return;
    switch (term.kind) {
      case SpfKind::a:
        ask_for_term(branch, *name, dns::Type::A, Clients::ip4);
        ask_for_term(branch, *name, dns::Type::AAAA, Clients::ip6);
        break;
      case SpfKind::mx: ask_for_term(branch, *name, dns::Type::MX, Clients::all); break;
      case SpfKind::exists: ask_for_term(branch, *name, dns::Type::A, Clients::all); break;
      default: break;
    }
  }

  // ---- records ----

  static void set_state(SpfNode& node, SpfNodeState state, std::string problem) {
    node.state = state;
    node.problem = std::move(problem);
  }

  /// Puts the record of `domain` into the node, and all that hangs on it.
  void read(SpfNode& node, const std::string& domain) {
    node.domain = domain;
    const auto name = spf_name(domain);
    if (!name || !is_spf_domain(domain)) {
      return set_state(node, SpfNodeState::no_name, "not a domain name with several labels");
    }
    if (std::find(above_.begin(), above_.end(), *name) != above_.end()) {
      return set_state(node, SpfNodeState::loop, "it is reached from itself");
    }
    if (++records_ > kSpfTreeMostRecords) {
      tree_.complete = false;
      return set_state(node, SpfNodeState::left_out, "too many records for one tree");
    }
    take(node, ask(*name, dns::Type::TXT));
    if (node.state != SpfNodeState::read) return;
    above_.push_back(*name);
    grow_below(node);
    above_.pop_back();
  }

  void take(SpfNode& node, const Answer& answer) {
    if (answer.status == LookupStatus::failed || answer.status == LookupStatus::not_checked) {
      const bool failed = answer.status == LookupStatus::failed;
      tree_.complete = false;
      return set_state(node, failed ? SpfNodeState::failed : SpfNodeState::not_checked,
                       answer.reason);
    }
    const auto selected = select_spf(answer.values);
    if (!selected.text) {
      if (selected.fault == SpfResult::permerror) {
        return set_state(node, SpfNodeState::several, "more than one SPF record");
      }
      if (answer.status == LookupStatus::no_domain) {
        return set_state(node, SpfNodeState::no_domain, "the name does not exist");
      }
      return set_state(node, SpfNodeState::no_record, "no SPF record");
    }
    auto record = parse_spf(*selected.text);
    if (!record) return set_state(node, SpfNodeState::unreadable, record.fault().message);
    node.record = *std::move(record);
  }

  void grow(SpfNode& root) {
    if (const auto name = spf_name(root.domain)) above_.push_back(*name);
    grow_below(root);
  }

  /// The terms that evaluation can reach (RFC 7208 sections 5.1 and 6.1).
  void grow_below(SpfNode& node) {
    const auto& terms = node.record.terms;
    const auto all = std::find_if(terms.begin(), terms.end(),
                                  [](const SpfTerm& term) { return term.kind == SpfKind::all; });
    for (auto term = terms.begin(); term != all; ++term) {
      if (!term->is_modifier && term->needs_lookup()) add_branch(node, *term);
    }
    if (all != terms.end()) return;
    const auto redirect = std::find_if(terms.begin(), terms.end(), [](const SpfTerm& term) {
      return term.kind == SpfKind::redirect;
    });
    if (redirect != terms.end()) add_branch(node, *redirect);
  }

  void add_branch(SpfNode& node, const SpfTerm& term) {
    if (++branches_ > kSpfTreeMostBranches) {
      ++node.lookups;
      tree_.complete = false;
      return;
    }
    SpfBranch branch;
    branch.term = static_cast<std::size_t>(&term - node.record.terms.data());
    branch.lookups = 1;
    // RFC 7208 section 4.6.4 counts the macro as a lookup; it is looked up once.
    if (asks_for_validated_name(term) && !std::exchange(validated_name_counted_, true)) {
      ++branch.lookups;
    }
    aim(branch, term, node.domain);
    if (term.kind == SpfKind::include || term.kind == SpfKind::redirect) {
      branch.nested = std::make_unique<SpfNode>();
      follow(branch);
      branch.lookups += branch.nested->lookups;
    } else {
      ask_about(term, branch);
    }
    node.lookups += branch.lookups;
    node.branches.push_back(std::move(branch));
  }

  void follow(SpfBranch& branch) {
    if (!branch.varies) return read(*branch.nested, branch.target);
    tree_.complete = false;
    branch.nested->domain = branch.target;
    set_state(*branch.nested, SpfNodeState::varies, "its name differs from sender to sender");
  }

  void aim(SpfBranch& branch, const SpfTerm& term, const std::string& domain) const {
    branch.varies = !is_known(term.macros);
    branch.target = term.domain_spec();
    if (branch.varies) return;
    if (branch.target.empty()) {
      branch.target = domain;
    } else if (!term.macros.empty()) {
      SpfMacroValues values;
      values.domain = domain;
      values.sender = "postmaster@" + top_;
      branch.target = expand_spf_macros(term.domain_spec(), term.macros, values);
    }
    branch.target = spf_target(std::move(branch.target));
  }

  Resolver& resolver_;
  const SpfTreeAsk ask_;
  const std::string top_;
  SpfTree tree_;
  std::vector<dns::Name> above_;  ///< Whose records are being read, from the root on.
  std::size_t records_ = 0;
  std::size_t questions_ = 0;
  std::size_t branches_ = 0;
  bool validated_name_counted_ = false;
};

}  // namespace

bool is_broken(SpfNodeState state) {
  switch (state) {
    case SpfNodeState::no_record:
    case SpfNodeState::no_domain:
    case SpfNodeState::several:
    case SpfNodeState::unreadable:
    case SpfNodeState::no_name:
    case SpfNodeState::loop: return true;
    default: return false;
  }
}

SpfTree spf_tree(const dns::Name& domain, const SpfRecord& record, Resolver& resolver,
                 SpfTreeAsk ask) {
  return Walk(domain, resolver, ask).of_record(record);
}

SpfTree spf_tree(const dns::Name& domain, Resolver& resolver, SpfTreeAsk ask) {
  return Walk(domain, resolver, ask).of_domain();
}

}  // namespace mxsmith::mail
