#include "dns/zone_line.hpp"

#include <algorithm>

#include "dns/rdata_text.hpp"

namespace mxsmith::dns {

namespace {

/// Octets [begin, end) of a line to be replaced.
struct Patch {
  std::size_t begin;
  std::size_t end;
  std::string text;
};

std::string apply(std::string_view text, std::vector<Patch> patches) {
  std::sort(patches.begin(), patches.end(),
            [](const Patch& a, const Patch& b) { return a.begin < b.begin; });
  std::string out;
  std::size_t at = 0;
  for (const auto& patch : patches) {
    out += text.substr(at, patch.begin - at);
    out += patch.text;
    at = patch.end;
  }
  return out.append(text.substr(at));
}

bool means(const Line& line, const std::vector<Token>& tokens, const Rdata& value,
           const Name& origin) {
  const auto read = parse_rdata_tokens(
      {line.entry().type, tokens, line.text().data(), origin, NonAscii::octets, nullptr});
  return read.ok() && *read == value;
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  Lexer lexer(text);
  Token token;
  while (lexer.next(token) == Lexer::Kind::token) tokens.push_back(token);
  return tokens;
}

/// Token by token, where old and new rdata have as many; old ones stay wherever they mean the same.
bool patch_tokens(const Line& line, const Rdata& value, const std::string& text, const Name& origin,
                  std::vector<Patch>& patches) {
  const auto old = line.entry().rdata;
  auto now = tokens_of(text);
  if (now.size() != old.size()) return false;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const Token written = now[i];
    now[i] = old[i];
    if (means(line, now, value, origin)) continue;
    now[i] = written;
    patches.push_back({line.offset_of(old[i].outer_begin()), line.offset_of(old[i].outer_end()),
                       std::string(written.outer_begin(), written.outer_end())});
  }
  return true;
}

/// How many parentheses more are opened than closed between the tokens; nothing when one is closed
/// that was opened before them.
std::optional<int> open_within(std::span<const Token> tokens) {
  int depth = 0;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    bool comment = false;
    for (const char* p = tokens[i - 1].outer_end(); p < tokens[i].outer_begin(); ++p) {
      if (*p == '\n') comment = false;
      if (*p == ';') comment = true;
      if (comment) continue;
      if (*p == '(') ++depth;
      if (*p == ')' && --depth < 0) return std::nullopt;
    }
  }
  return depth;
}

/// Where `depth` parentheses are closed again.
std::size_t closed_at(std::string_view text, std::size_t from, int depth) {
  bool comment = false;
  for (; from < text.size() && depth > 0; ++from) {
    if (text[from] == '\n') comment = false;
    if (text[from] == ';') comment = true;
    if (!comment && text[from] == ')') --depth;
  }
  return from;
}

/// The rdata as a whole; the line has to be made anew where parentheses stand across it.
bool patch_range(const Line& line, const std::string& text, std::vector<Patch>& patches) {
  const auto old = line.entry().rdata;
  const auto depth = open_within(old);
  if (!depth || old.empty()) return false;
  const std::size_t end = closed_at(line.text(), line.offset_of(old.back().outer_end()), *depth);
  patches.push_back({line.offset_of(old.front().outer_begin()), end, text});
  return true;
}

/// The owner takes the place of blanks, so that what follows stays in its column.
Patch patch_owner(const Line& line, const std::string& owner) {
  const std::string_view text = line.text();
  const std::size_t blanks = std::min(text.find_first_not_of(' '), text.size());
  const std::size_t room = blanks > owner.size() ? owner.size() : 0;
  return {0, room, owner};
}

Patch patch_ttl(const Line& line, std::uint32_t ttl) {
  const Entry& entry = line.entry();
  if (entry.ttl_token != nullptr) {
    return {line.offset_of(entry.ttl_token->begin),
            line.offset_of(entry.ttl_token->begin) + entry.ttl_token->size, std::to_string(ttl)};
  }
  const Token& next = entry.class_token != nullptr ? *entry.class_token : *entry.type_token;
  const std::size_t at = line.offset_of(next.begin);
  const bool tab = at > 0 && line.text()[at - 1] == '\t';
  return {at, at, std::to_string(ttl) + (tab ? '\t' : ' ')};
}

constexpr std::size_t kTab = 8;
std::size_t column_after(std::size_t column, char c) {
  return c == '\t' ? (column / kTab + 1) * kTab : column + 1;
}

/// Columns of a model's fields, where it is written on one line up to its rdata.
class Columns {
 public:
  explicit Columns(const Line* model) : model_(model) {
    if (model_ == nullptr || model_->entry().rdata.empty()) {
      model_ = nullptr;
      return;
    }
    const std::size_t end = model_->offset_of(model_->entry().rdata.front().outer_begin());
    const auto head = model_->text().substr(0, end);
    if (head.find_first_of("\n(") != std::string_view::npos) model_ = nullptr;
  }
  [[nodiscard]] bool known() const { return model_ != nullptr; }

  /// Blanks in front of a field that should stand where the model's `token` does.
  void pad(std::string& out, const char* token) const {
    if (token == nullptr) {
      out += known() && !tabs(first()) ? ' ' : '\t';
      return;
    }
    const char sign = tabs(token) ? '\t' : ' ';
    const std::size_t wanted = column_of(model_->text().substr(0, model_->offset_of(token)));
    do out += sign;
    while (column_of(out) < wanted);
  }

 private:
  [[nodiscard]] const char* first() const {
    const Entry& entry = model_->entry();
    const char* first = entry.type_token->begin;
    if (entry.class_token != nullptr) first = std::min(first, entry.class_token->begin);
    if (entry.ttl_token != nullptr) first = std::min(first, entry.ttl_token->begin);
    return first;
  }
  [[nodiscard]] bool tabs(const char* token) const {
    return token > model_->text().data() && token[-1] == '\t';
  }
  static std::size_t column_of(std::string_view text) {
    std::size_t column = 0;
    for (const char c : text) column = column_after(column, c);
    return column;
  }
  const Line* model_;
};

const char* place_of(const Token* token) {
  return token == nullptr ? nullptr : token->outer_begin();
}

}  // namespace

Line::Line(std::string_view text) : text_(text), tokens_(tokens_of(text)) {
  if (tokens_.empty() || text.empty()) return;
  good_ = !sort_entry(tokens_, inherits_owner(text[0]), entry_);
}

std::string edit_line(const Line& line, const LineEdit& edit, const Name& origin) {
  std::vector<Patch> patches;
  if (edit.owner) patches.push_back(patch_owner(line, *edit.owner));
  if (edit.ttl) patches.push_back(patch_ttl(line, *edit.ttl));
  if (edit.value != nullptr) {
    const std::string text = print_rdata(*edit.value);
    if (!patch_tokens(line, *edit.value, text, origin, patches) &&
        !patch_range(line, text, patches)) {
      return {};
    }
  }
  return apply(line.text(), std::move(patches));
}

std::string compose_line(const NewLine& fields, const Line* model) {
  const Columns columns(model);
  const Entry* entry = columns.known() ? &model->entry() : nullptr;
  std::string out = fields.owner;
  const auto put = [&](const std::string& field, const Token* where) {
    columns.pad(out, place_of(where));
    out += field;
  };
  const Token* ttl_at = entry != nullptr ? entry->ttl_token : nullptr;
  const Token* class_at = entry != nullptr ? entry->class_token : nullptr;
  const bool class_first = ttl_at != nullptr && class_at != nullptr && class_at < ttl_at;
  if (class_first) put("IN", class_at);
  if (fields.ttl) put(std::to_string(*fields.ttl), ttl_at);
  if (!class_first && (entry == nullptr || class_at != nullptr)) put("IN", class_at);
  put(type_name(fields.type), entry != nullptr ? entry->type_token : nullptr);
  put(fields.rdata, entry != nullptr ? &entry->rdata.front() : nullptr);
  return out;
}

}  // namespace mxsmith::dns
