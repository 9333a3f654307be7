// Contents of records as PowerDNS reads them: strictly, field by field, and prints them again; what
// is not as it would have printed it is refused, but for some spellings that it quietly changes.
#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <vector>

#include "base/text.hpp"
#include "conformance/powerdns_simulator.hpp"
#include "dns/rdata.hpp"
#include "providers/powerdns/type_words.hpp"

namespace mxsmith::conformance {

namespace {

/// Refused with these words.
struct Refused {
  std::string words;
};

Refused unparsable(const std::string& why) {
  return {"Parsing record content (try 'pdnsutil check-zone'): " + why};
}

/// Reads fields as the server's parser does and writes them as it would.
class Fields {
 public:
  Fields(const std::string& type, const std::string& text) : type_(type), text_(text) {}

  /// As a rule printed as it was read, but without what the server would not print.
  void number(unsigned most) {
    skip_blanks();
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    if (at_ == from) {
      if (from == text_.size()) missing();
      throw unparsable("expected digits at position " + std::to_string(from) + " in '" + text_ +
                       "'");
    }
    unsigned long value = 0;
    std::from_chars(text_.data() + from, text_.data() + at_, value);
    if (value > most) {
      throw unparsable("Overflow reading " + std::string(most == 255 ? "8" : "16") +
                       " bit integer from record content");
    }
    print(std::to_string(value));
  }

  void name() {
    const std::string word = this->word();
    print(word.back() == '.' ? word : word + ".");
  }

  void quoted() {
    skip_blanks();
    if (at_ == text_.size()) missing();
    if (text_[at_] != '"') {
      throw unparsable("Data field in DNS should start with quote (\") at position " +
                       std::to_string(at_) + " of '" + text_ + "'");
    }
    const std::size_t from = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) {
      throw unparsable("Data field in DNS should end on a quote (\") in '" + text_ + "'");
    }
    ++at_;
    print(text_.substr(from, at_ - from));
  }

  /// All that is left, blanks taken out; small letters are the server's, whatever was sent.
  void hex() {
    std::string sent;
    skip_blanks();
    if (at_ == text_.size()) missing();
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == ' ') continue;
      if (!std::isxdigit(static_cast<unsigned char>(c))) {
        throw unparsable("Unknown hexadecimal character '" + std::to_string(static_cast<int>(c)) +
                         "'");
      }
      sent += c;
    }
    print(sent);
  }

  std::string word() {
    skip_blanks();
    if (at_ == text_.size()) missing();
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] != ' ') ++at_;
    return text_.substr(from, at_ - from);
  }
  void print(const std::string& field) { printed_ += (printed_.empty() ? "" : " ") + field; }
  [[nodiscard]] bool more() const { return text_.find_first_not_of(' ', at_) != std::string::npos; }

  /// What the server prints, if that is what was sent.
  std::string finish() {
    if (more()) {
      throw Refused{"When parsing " + type_ + " trailing data was not parsed: '" +
                    text_.substr(at_) + "'"};
    }
    if (printed_ != text_) throw Refused{"Not in expected format (parsed as '" + printed_ + "')"};
    return printed_;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  [[noreturn]] void missing() const {
    throw unparsable("missing field at the end of record content '" + text_ + "'");
  }

  const std::string& type_;
  const std::string& text_;
  std::size_t at_ = 0;
  std::string printed_;
};

std::string checked_a(Fields& fields, const std::string& text) {
  const std::string word = fields.word();
  const auto value = dns::parse_rdata(dns::Type::A, word, dns::Name());
  if (!value) {
    if (word.empty() || word[0] < '0' || word[0] > '9') {
      throw unparsable("while parsing IP address, expected digits at position 0 in '" + text + "'");
    }
    const auto dots = std::count(word.begin(), word.end(), '.');
    throw unparsable(dots < 3 ? "unable to parse IP address, not enough dots"
                              : "unable to parse IP address");
  }
  fields.print(dns::print_rdata(*value));
  return fields.finish();
}

std::string checked_aaaa(const std::string& text) {
  const auto value = dns::parse_rdata(dns::Type::AAAA, text, dns::Name());
  if (!value || text.find('.') != std::string::npos) throw Refused{"Invalid IPv6 address"};
  return dns::print_rdata(*value);
}

/// A word of letters and digits becomes one in quotes, which is not what was sent.
std::string checked_txt(Fields& fields, const std::string& text) {
  if (text.empty()) return text;
  const bool one_word =
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
  if (one_word) throw Refused{"Not in expected format (parsed as '\"" + text + "\"')"};
  while (fields.more()) fields.quoted();
  return fields.finish();
}

std::string checked_generic(const std::string& text) {
  const auto words = base::split(text, ' ');
  if (words.size() != 3 || words[0] != "\\#") {
    throw Refused{"Unknown record was stored incorrectly, need 3 fields, got " +
                  std::to_string(words.size()) + ": " + text};
  }
  return words[0] + " " + words[1] + " " + base::to_lower(words[2]);
}

/// Types whose fields this file does not know one by one: read and printed as mxsmith does, which
/// is held against the server for each of them.
std::string checked_other(const std::string& type, const std::string& text) {
  namespace powerdns = providers::powerdns;
  dns::NamePool names;
  const auto value = powerdns::parse_content(powerdns::type_of_word(type), text, names);
  if (!value) throw unparsable(value.fault().message);
  const std::string printed = powerdns::print_content(*value);
  if (printed != text) throw Refused{"Not in expected format (parsed as '" + printed + "')"};
  return text;
}

bool is_name_type(const std::string& type) {
  static const std::vector<std::string> kTypes = {"CNAME", "NS", "PTR", "DNAME",
                                                  "ALIAS", "MB", "MG",  "MR"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

std::string checked(const std::string& type, const std::string& text) {
  Fields fields(type, text);
  if (type == "A") return checked_a(fields, text);
  if (type == "AAAA") return checked_aaaa(text);
  if (type == "TXT" || type == "SPF") return checked_txt(fields, text);
  if (type.starts_with("TYPE") || type == "ADDR") return checked_generic(text);
  if (type == "LUA") {
    fields.print(fields.word());
    fields.quoted();
    return fields.finish();
  }
  if (is_name_type(type)) {
    fields.name();
    return fields.finish();
  }
  if (type == "MX" || type == "KX" || type == "AFSDB") {
    fields.number(65535);
    fields.name();
    return fields.finish();
  }
  if (type == "SRV") {
    for (int i = 0; i < 3; ++i) fields.number(65535);
    fields.name();
    return fields.finish();
  }
  if (type == "CAA") {
    fields.number(255);
    fields.print(fields.word());
    fields.quoted();
    return fields.finish();
  }
  if (type == "TLSA" || type == "SMIMEA") {
    for (int i = 0; i < 3; ++i) fields.number(255);
    fields.hex();
    return base::to_lower(fields.finish());
  }
  if (type == "SSHFP") {
    for (int i = 0; i < 2; ++i) fields.number(255);
    fields.hex();
    return base::to_lower(fields.finish());
  }
  if (type == "DS" || type == "CDS" || type == "DLV") {
    fields.number(65535);
    for (int i = 0; i < 2; ++i) fields.number(255);
    fields.hex();
    return base::to_lower(fields.finish());
  }
  return checked_other(type, text);
}

}  // namespace

CheckedContent check_powerdns_content(const std::string& type, const std::string& content) {
  try {
    return {checked(type, content), {}};
  } catch (const Refused& refused) {
    return {{}, refused.words};
  }
}

}  // namespace mxsmith::conformance
