// What a domain's mail setup is, in plain sentences: where mail arrives, who may send, what
// receivers do with the rest, which keys sign, what protects it on the way, what is missing and
// what to do next.
//
// Pure: it says what the records say, and of names beyond them what the resolver knows. What was
// not looked up is told as such. Sentences keep apart our words and what comes from records, which
// is hostile text until a renderer has escaped it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mail/rule.hpp"

namespace mxsmith::mail {

/// A sentence in pieces.
class Sentence {
 public:
  enum class Kind : std::uint8_t {
    words,  ///< Ours.
    value,  ///< Out of a record, or out of who answered: hostile.
  };
  struct Piece {
    Kind kind = Kind::words;
    std::string text;
  };

  Sentence() = default;
  explicit Sentence(std::string_view words) { say(words); }

  Sentence& say(std::string_view words);
  Sentence& value(std::string_view octets);
  Sentence& name(const dns::Name& name);  ///< Without final dot.
  /// "a, b and c", each a value.
  Sentence& list(const std::vector<std::string>& values);

  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
  [[nodiscard]] bool empty() const { return pieces_.empty(); }
  /// All of it, nothing escaped.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Piece> pieces_;
};

struct Statement {
  Sentence sentence;
  std::vector<Sentence> items = {};  ///< What it counts up, phrases.
};

struct Topic {
  enum class Id : std::uint8_t {
    inbound,
    senders,
    rest,
    signing,
    encryption,
    services,
    missing,
    next,
  };
  Id id{};
  std::vector<Statement> statements = {};
};
std::string_view topic_word(Topic::Id id);     ///< "inbound", for JSON.
std::string_view topic_heading(Topic::Id id);  ///< "Where mail arrives"

struct Explanation {
  dns::Name domain;
  Sentence summary;           ///< The whole in a line.
  std::vector<Topic> topics;  ///< In the order of Topic::Id; none is empty.
  Judgement judgement;        ///< What `missing` and `next` come from.
};

/// Explains and judges the zone's own domain, the apex.
Explanation explain_mail(const JudgeInput& input);

}  // namespace mxsmith::mail
