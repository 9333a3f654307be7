#include "providers/cloudflare/content.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "dns/lexer.hpp"
#include "dns/rdata_text.hpp"
#include "providers/cloudflare/answers.hpp"
#include "providers/cloudflare/location.hpp"

namespace mxsmith::providers::cloudflare {

namespace {

using http::Json;

constexpr dns::Type kLoc{29};
constexpr dns::Type kNaptr{35};
constexpr dns::Type kCert{37};
constexpr dns::Type kSshfp{44};
constexpr dns::Type kSmimea{53};
constexpr dns::Type kOpenpgpkey{61};
constexpr dns::Type kUri{256};

/// A member of `data`, and how it stands in presentation form.
struct Field {
  enum class Kind : std::uint8_t {
    number,
    word,    ///< As it is.
    host,    ///< As it is, with a final dot.
    quoted,  ///< Octets in quotes.
    rest,    ///< Everything up to the end, as it is.
    packed,  ///< The same without blanks: hexadecimal or base64.
  };
  const char* name;
  Kind kind;
};
using Kind = Field::Kind;

constexpr std::array<Field, 3> kCaaFields = {
    {{"flags", Kind::number}, {"tag", Kind::word}, {"value", Kind::quoted}}};
constexpr std::array<Field, 4> kTlsaFields = {{{"usage", Kind::number},
                                               {"selector", Kind::number},
                                               {"matching_type", Kind::number},
                                               {"certificate", Kind::packed}}};
constexpr std::array<Field, 3> kSshfpFields = {
    {{"algorithm", Kind::number}, {"type", Kind::number}, {"fingerprint", Kind::packed}}};
constexpr std::array<Field, 4> kDsFields = {{{"key_tag", Kind::number},
                                             {"algorithm", Kind::number},
                                             {"digest_type", Kind::number},
                                             {"digest", Kind::packed}}};
constexpr std::array<Field, 4> kDnskeyFields = {{{"flags", Kind::number},
                                                 {"protocol", Kind::number},
                                                 {"algorithm", Kind::number},
                                                 {"public_key", Kind::packed}}};
constexpr std::array<Field, 4> kCertFields = {{{"type", Kind::number},
                                               {"key_tag", Kind::number},
                                               {"algorithm", Kind::number},
                                               {"certificate", Kind::packed}}};
constexpr std::array<Field, 6> kNaptrFields = {{{"order", Kind::number},
                                                {"preference", Kind::number},
                                                {"flags", Kind::quoted},
                                                {"service", Kind::quoted},
                                                {"regex", Kind::quoted},
                                                {"replacement", Kind::host}}};
constexpr std::array<Field, 3> kSvcbFields = {
    {{"priority", Kind::number}, {"target", Kind::host}, {"value", Kind::rest}}};
constexpr std::array<Field, 4> kSrvFields = {{{"priority", Kind::number},
                                              {"weight", Kind::number},
                                              {"port", Kind::number},
                                              {"target", Kind::host}}};
/// The priority stands beside `data`.
constexpr std::array<Field, 2> kUriFields = {{{"weight", Kind::number}, {"target", Kind::quoted}}};

/// The members of `data`; none: the type has no `data`, or one of its own kind.
std::span<const Field> fields_of(dns::Type type) {
  switch (type) {
    case dns::Type::CAA: return kCaaFields;
    case dns::Type::TLSA: return kTlsaFields;
    case dns::Type::DS: return kDsFields;
    case dns::Type::DNSKEY: return kDnskeyFields;
    case dns::Type::SVCB:
    case dns::Type::HTTPS: return kSvcbFields;
    case dns::Type::SRV: return kSrvFields;
    default: break;
  }
  if (type == kSmimea) return kTlsaFields;
  if (type == kSshfp) return kSshfpFields;
  if (type == kCert) return kCertFields;
  if (type == kNaptr) return kNaptrFields;
  if (type == kUri) return kUriFields;
  return {};
}

bool has_priority_beside(dns::Type type) { return type == dns::Type::MX || type == kUri; }

bool is_host(dns::Type type) {
  return type == dns::Type::MX || type == dns::Type::CNAME || type == dns::Type::NS ||
         type == dns::Type::PTR;
}

/// The words of a presentation form; nothing when there are more lines than one.
base::Parsed<std::vector<dns::Token>> words_of(const std::string& text) {
  std::vector<dns::Token> words;
  dns::Lexer lexer(text, dns::Lexer::Comments::refuse);
  dns::Token word;
  for (auto kind = lexer.next(word); kind != dns::Lexer::Kind::end_of_text;
       kind = lexer.next(word)) {
    if (kind == dns::Lexer::Kind::fault) return base::Fault{lexer.fault()};
    if (kind == dns::Lexer::Kind::end_of_line) return base::Fault{"it has more than one line"};
    words.push_back(word);
  }
  return words;
}

// --- writing ---

/// Mnemonics of certificate types and algorithms become their numbers (RFC 4398 section 2).
std::string presentation(const dns::Rdata& value) {
  std::string text = dns::print_rdata(value);
  const auto* opaque = std::get_if<dns::Opaque>(&value);
  if (opaque == nullptr || opaque->type != kCert || opaque->wire.size() < 5) return text;
  const auto octet = [&](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(opaque->wire[at]));
  };
  const auto words = words_of(text);
  if (!words.ok() || words->size() < 4) return text;
  std::string numbers = std::to_string(octet(0) << 8 | octet(1)) + " " +
                        std::to_string(octet(2) << 8 | octet(3)) + " " + std::to_string(octet(4));
  for (std::size_t i = 3; i < words->size(); ++i) numbers.append(" ").append((*words)[i].view());
  return numbers;
}

base::Error no_words_for(const dns::Rdata& value) {
  return {base::ErrorKind::unsupported, "Cloudflare has no words for " +
                                            dns::type_name(dns::type_of(value)) + " " +
                                            dns::print_rdata(value)};
}

Json number_of(const dns::Token& word, const dns::Rdata& value) {
  std::int64_t number = 0;
  for (const char digit : word.view()) {
    if (digit < '0' || digit > '9' || number > 0xffffffff) throw no_words_for(value);
    number = number * 10 + (digit - '0');
  }
  return number;
}

std::string joined(std::span<const dns::Token> words, const char* between) {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += between;
    text.append(word.outer_begin(), word.outer_end());
  }
  return text;
}

Json member(const Field& field, std::span<const dns::Token> words, const dns::Rdata& value) {
  if (field.kind == Kind::rest) return joined(words, " ");
  if (words.empty()) throw no_words_for(value);
  switch (field.kind) {
    case Kind::number: return number_of(words.front(), value);
    case Kind::packed: return joined(words, "");
    case Kind::quoted: {
      const auto octets = dns::unescape(words.front());
      if (!octets.ok()) throw no_words_for(value);
      return *octets;
    }
    default: return std::string(words.front().view());
  }
}

/// The fields of presentation form from word `from` on.
Json data_of(std::span<const Field> fields, std::span<const dns::Token> words,
             const dns::Rdata& value) {
  Json data = Json::object();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    data.add(fields[i].name, member(fields[i], words.subspan(std::min(i, words.size())), value));
  }
  return data;
}

// --- reading ---

base::Fault lacks(const std::string& what) { return {"it has no " + what}; }

/// Octets in quotes, everything escaped that could end them.
std::string quoted(const std::string& octets) {
  std::string text = "\"";
  for (const char octet : octets) {
    const auto number = static_cast<unsigned char>(octet);
    if (octet == '"' || octet == '\\') {
      text.append("\\").append(1, octet);
    } else if (number < 0x20 || number > 0x7e) {
      text += '\\';
      for (const int unit : {100, 10, 1}) text += static_cast<char>('0' + number / unit % 10);
    } else {
      text += octet;
    }
  }
  return text + "\"";
}

std::string with_final_dot(const std::string& host) {
  return host.ends_with('.') ? host : host + ".";
}

base::Parsed<std::string> field_text(const Field& field, const Json& data) {
  const Json* value = data.find(field.name);
  // The description of 2023 calls the target of a URI its content.
  if (value == nullptr && std::string_view(field.name) == "target") value = data.find("content");
  if (field.kind == Kind::number) {
    const auto number = whole_number(value);
    if (!number) return lacks(std::string("number \"") + field.name + "\"");
    return std::to_string(*number);
  }
  const std::string* text = value == nullptr ? nullptr : value->string();
  if (text == nullptr && field.kind == Kind::rest) return std::string();
  if (text == nullptr) return lacks(std::string("text \"") + field.name + "\"");
  if (field.kind == Kind::quoted) return quoted(*text);
  if (field.kind == Kind::host) return with_final_dot(*text);
  return *text;
}

base::Parsed<std::string> text_of_data(dns::Type type, const Json& data) {
  std::string text;
  for (const Field& field : fields_of(type)) {
    auto part = field_text(field, data);
    if (!part.ok()) return part.fault();
    text += (text.empty() ? "" : " ") + *part;
  }
  return text;
}

base::Parsed<dns::Rdata> parse(dns::Type type, const std::string& text, dns::NamePool& names) {
  const auto words = words_of(text);
  if (!words.ok()) return words.fault();
  return dns::parse_rdata_tokens(
      {type, *words, text.data(), dns::Name(), dns::NonAscii::octets, &names});
}

/// Quoted strings are joined; whatever else stands there is the text itself, as old entries and the
/// dashboard leave it.
dns::Rdata read_text(const std::string& content, dns::NamePool& names) {
  if (content.size() >= 2 && content.front() == '"' && content.back() == '"') {
    const auto words = words_of(content);
    const bool all_quoted = words.ok() && std::all_of(words->begin(), words->end(),
                                                      [](const auto& word) { return word.quoted; });
    if (all_quoted) {
      auto value = parse(dns::Type::TXT, content, names);
      if (value.ok()) return std::move(*value);
    }
  }
  return dns::Txt{content};
}

}  // namespace

const std::vector<dns::Type>& stored_types() {
  // DNSKEY records exist there too, and are a signer's business.
  static const std::vector<dns::Type> kTypes = {dns::Type::A,
                                                dns::Type::NS,
                                                dns::Type::CNAME,
                                                dns::Type::PTR,
                                                dns::Type::MX,
                                                dns::Type::TXT,
                                                dns::Type::AAAA,
                                                kLoc,
                                                dns::Type::SRV,
                                                kNaptr,
                                                kCert,
                                                dns::Type::DS,
                                                kSshfp,
                                                dns::Type::TLSA,
                                                kSmimea,
                                                kOpenpgpkey,
                                                dns::Type::SVCB,
                                                dns::Type::HTTPS,
                                                kUri,
                                                dns::Type::CAA};
  return kTypes;
}

void add_value(Json& record, const dns::Rdata& value) {
  const dns::Type type = dns::type_of(value);
  const std::string text = presentation(value);
  if (type == dns::Type::TXT) {
    record.add("content", text);
    return;
  }
  if (type == kLoc) {
    auto data = data_of_location(std::get<dns::Opaque>(value).wire);
    if (!data) throw no_words_for(value);
    record.add("data", std::move(*data));
    return;
  }
  const auto words = words_of(text);
  // A form without words of its own, "\# 4 01020304", cannot be told.
  if (!words.ok() || words->empty() || words->front().view() == "\\#") throw no_words_for(value);
  std::span<const dns::Token> left(*words);
  if (has_priority_beside(type)) {
    record.add("priority", number_of(left.front(), value));
    left = left.subspan(1);
  }
  const auto fields = fields_of(type);
  if (fields.empty()) {
    record.add("content", joined(left, ""));
  } else {
    record.add("data", data_of(fields, left, value));
  }
}

base::Parsed<dns::Rdata> read_value(dns::Type type, const Json& record, dns::NamePool& names) {
  const Json* content = record.find("content");
  const std::string* said = content == nullptr ? nullptr : content->string();
  if (type == dns::Type::TXT) {
    if (said == nullptr) return lacks("content");
    return read_text(*said, names);
  }
  const Json* data = record.find("data");
  const bool has_data = data != nullptr && data->members() != nullptr;
  std::string text;
  if (type == kLoc && has_data) {
    const auto location = text_of_location(*data);
    if (!location) return base::Fault{"its place cannot be read"};
    text = *location;
  } else if (!fields_of(type).empty() && has_data) {
    auto told = text_of_data(type, *data);
    if (!told.ok()) return told.fault();
    text = std::move(*told);
  } else {
    if (said == nullptr) return lacks("content");
    // The content of an SRV lacks its priority, so nothing is read from it.
    if (type == dns::Type::SRV) return lacks("\"data\"");
    text = is_host(type) ? with_final_dot(*said) : *said;
  }
  if (has_priority_beside(type)) {
    const auto priority = whole_number(record.find("priority"));
    if (!priority) return lacks("priority");
    text = std::to_string(*priority) + " " + text;
  }
  return parse(type, text, names);
}

}  // namespace mxsmith::providers::cloudflare
