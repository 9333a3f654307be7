#include "http/recording.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "http/json.hpp"

namespace mxsmith::http {

namespace {

using base::Error;
using base::ErrorKind;

// ---- values to JSON ----

void add_text(Json& object, const std::string& name, const std::string& text) {
  if (base::is_utf8(text)) {
    object.add(name, text);
  } else {
    object.add(name + "_base64", base::print_base64(text));
  }
}

Json json_of(const Headers& headers) {
  Json fields = Json::array();
  for (const auto& [name, value] : headers.fields()) {
    Json field = Json::object();
    add_text(field, "name", name);
    add_text(field, "value", value);
    fields.push(std::move(field));
  }
  return fields;
}

Json json_of(const Request& request) {
  Json json = Json::object();
  json.add("method", std::string(method_name(request.method)));
  json.add("intent", std::string(intent_name(request.intent)));
  add_text(json, "url", request.url);
  json.add("headers", json_of(request.headers));
  if (!request.body.empty()) add_text(json, "body", request.body);
  return json;
}

Json json_of(const Response& response) {
  Json json = Json::object();
  json.add("status", response.status);
  json.add("headers", json_of(response.headers));
  if (!response.body.empty()) add_text(json, "body", response.body.text());
  return json;
}

// ---- JSON to values ----

Error malformed(const std::string& why) { return {ErrorKind::invalid, why}; }

const Json& member(const Json& object, const std::string& name) {
  const Json* found = object.find(name);
  if (found == nullptr) throw malformed("there is no \"" + name + "\"");
  return *found;
}

std::optional<std::string> text_if_there(const Json& object, const std::string& name) {
  if (const Json* plain = object.find(name)) {
    if (plain->string() != nullptr) return *plain->string();
    throw malformed("\"" + name + "\" is no string");
  }
  const Json* encoded = object.find(name + "_base64");
  if (encoded == nullptr) return std::nullopt;
  const std::string* const written = encoded->string();
  auto octets = written != nullptr ? base::parse_base64(*written) : std::nullopt;
  if (!octets || base::print_base64(*octets) != *written)
    throw malformed("\"" + name + "_base64\" is not base64");
  return octets;
}

std::string text(const Json& object, const std::string& name) {
  auto found = text_if_there(object, name);
  if (!found) throw malformed("there is no \"" + name + "\"");
  return std::move(*found);
}

std::int64_t integer(const Json& object, const std::string& name) {
  const Json& value = member(object, name);
  if (value.integer() == nullptr) throw malformed("\"" + name + "\" is no integer");
  return *value.integer();
}

template <class Value, std::size_t Count>
Value parse_word(const std::string& word, const std::array<Value, Count>& values,
                 std::string_view (*print)(Value)) {
  for (const Value value : values) {
    if (print(value) == word) return value;
  }
  throw malformed("`" + word + "` means nothing here");
}

Method parse_method(const std::string& word) {
  constexpr std::array kAll = {Method::get,   Method::head,   Method::post,   Method::put,
                               Method::patch, Method::remove, Method::options};
  return parse_word(word, kAll, method_name);
}

Intent parse_intent(const std::string& word) {
  constexpr std::array kAll = {Intent::auth, Intent::read, Intent::write};
  return parse_word(word, kAll, intent_name);
}

std::string_view reached_name(Reached reached) {
  return reached == Reached::nothing ? "nothing" : "maybe";
}

Reached parse_reached(const std::string& word) {
  constexpr std::array kAll = {Reached::nothing, Reached::maybe};
  return parse_word(word, kAll, reached_name);
}

Headers parse_headers(const Json& object) {
  const Json& fields = member(object, "headers");
  if (fields.elements() == nullptr) throw malformed("\"headers\" is no array");
  Headers headers;
  for (const Json& field : *fields.elements()) {
    headers.add(text(field, "name"), text(field, "value"));
  }
  return headers;
}

Exchange parse_exchange(const Json& json) {
  Exchange exchange;
  const Json& request = member(json, "request");
  exchange.request.method = parse_method(text(request, "method"));
  exchange.request.intent = parse_intent(text(request, "intent"));
  exchange.request.url = text(request, "url");
  exchange.request.headers = parse_headers(request);
  exchange.request.body = text_if_there(request, "body").value_or("");
  exchange.took = std::chrono::milliseconds(integer(json, "took_ms"));
  if (const Json* response = json.find("response")) {
    const std::int64_t status = integer(*response, "status");
    if (status < 100 || status > 999) throw malformed("\"status\" is no status of HTTP");
    exchange.response = Response{static_cast<int>(status), parse_headers(*response),
                                 text_if_there(*response, "body").value_or("")};
    return exchange;
  }
  exchange.fault = text(json, "fault");
  exchange.reached = parse_reached(text(json, "reached"));
  const Json* lasting = json.find("lasting");
  exchange.lasting = lasting != nullptr && lasting->boolean() != nullptr && *lasting->boolean();
  return exchange;
}

/// The file of a recording while it is written.
class Recorder {
 public:
  Recorder(std::filesystem::path path, std::function<void(const Error&)> failed)
      : path_(std::move(path)),
        failed_(std::move(failed)),
        file_(base::create_file(path_, kPrivate)) {}

  void add(const Exchange& exchange) {
    if (!file_.open()) return;
    try {
      base::write_all(file_, print_exchange(exchange), path_);
    } catch (const Error& error) {
      file_.close();
      if (failed_) failed_(error);
    }
  }

 private:
  static constexpr unsigned kPrivate = 0600;  // zones may be nobody else's business

  std::filesystem::path path_;
  std::function<void(const Error&)> failed_;
  base::FileHandle file_;
};

}  // namespace

std::string print_exchange(const Exchange& exchange) {
  // The client has hidden the secrets it knows; what credentials are by name is hidden in any case.
  const Secrets none;
  Json line = Json::object();
  line.add("request", json_of(redacted(exchange.request, none)));
  if (exchange.response) {
    line.add("response", json_of(redacted(*exchange.response, exchange.request, none)));
  } else {
    add_text(line, "fault", exchange.fault);
    line.add("reached", std::string(reached_name(exchange.reached)));
    if (exchange.lasting) line.add("lasting", true);
  }
  line.add("took_ms", std::int64_t{exchange.took.count()});
  return print_json(line) + "\n";
}

std::vector<Exchange> parse_recording(const std::string& file, std::string_view text) {
  std::vector<Exchange> exchanges;
  const auto lines = base::split(text, '\n');
  exchanges.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (base::trim(lines[i]).empty()) continue;
    try {
      exchanges.push_back(parse_exchange(parse_json(lines[i], "recording")));
    } catch (const Error& error) {
      throw Error(ErrorKind::invalid,
                  file + ":" + std::to_string(i + 1) +
                      ": not an exchange as --record-http writes it: " + error.what());
    }
  }
  return exchanges;
}

Observer record_to(const std::filesystem::path& file,
                   std::function<void(const base::Error&)> failed) {
  std::error_code unknown;
  if (std::filesystem::exists(std::filesystem::symlink_status(file, unknown))) {
    throw Error(ErrorKind::io, file.string() + " is there already")
        .with_hint("a recording goes into a new file: choose another name, or move it away");
  }
  auto recorder = std::make_shared<Recorder>(file, std::move(failed));
  return [recorder](const Exchange& exchange) { recorder->add(exchange); };
}

}  // namespace mxsmith::http
