#include "providers/cloudflare/answers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "http/paging.hpp"

namespace mxsmith::providers::cloudflare {

namespace {

using base::Effect;
using base::Error;
using base::ErrorKind;
using http::Json;

constexpr std::size_t kShown = 500;
constexpr std::size_t kLongestComplaint = 1 << 16;

/// Codes that speak of the credential, whatever the status: bad header fields, bad token, no such
/// user, no right.
constexpr std::array<std::int64_t, 8> kAuthCodes = {6003, 6111, 9103, 9106,
                                                    9107, 9109, 9110, 10000};
/// A record is gone, or one is there already: somebody else was at work since the zone was read.
constexpr std::array<std::int64_t, 5> kConflictCodes = {81044, 81053, 81054, 81057, 81058};

template <std::size_t count>
bool has_one_of(const Complaint& complaint, const std::array<std::int64_t, count>& codes) {
  return std::any_of(codes.begin(), codes.end(),
                     [&](std::int64_t code) { return complaint.has(code); });
}

std::string on_one_line(std::string text) {
  text = base::trim(text);
  const bool cut = text.size() > kShown;
  if (cut) text.resize(kShown);
  return base::escape_for_terminal(text) + (cut ? "..." : "");
}

/// An error and those below it, which say more.
void add_error(const Json& error, Complaint& complaint) {
  const auto code = whole_number(error.find("code"));
  const Json* message = error.find("message");
  if (code) complaint.codes.push_back(*code);
  if (message != nullptr && message->string() != nullptr) {
    complaint.words += (complaint.words.empty() ? "" : "; ") +
                       (code ? std::to_string(*code) + ": " : std::string()) + *message->string();
  }
  if (const Json* source = error.find("source"); source != nullptr && complaint.pointer.empty()) {
    const Json* pointer = source->find("pointer");
    if (pointer != nullptr && pointer->string() != nullptr) complaint.pointer = *pointer->string();
  }
  const Json* chain = error.find("error_chain");
  if (chain == nullptr || chain->elements() == nullptr) return;
  for (const Json& below : *chain->elements()) add_error(below, complaint);
}

std::string hint_for(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::auth:
      return "the token needs Zone / DNS / Edit, and Zone / Zone / Read unless the spec has the "
             "zone's id; `mxsmith providers check` tells what it may do";
    case ErrorKind::conflict: return "plan again and review what is new";
    default: return {};
  }
}

void check_json(const http::Response& response, const std::string& doing, Effect effect) {
  const std::string* type = response.headers.find("Content-Type");
  const std::string media = base::to_lower(type == nullptr ? "" : *type);
  if (media.starts_with("application/json")) return;
  Error error(
      ErrorKind::protocol,
      doing + ": the server answered with " +
          (media.empty() ? std::string("content of no type") : base::escape_for_terminal(media)) +
          " instead of JSON",
      effect);
  throw error.with_hint("look at `url`: is it the API of Cloudflare that is there?");
}

void check_success(const Json& answer, const std::string& doing, Effect effect) {
  const Json* success = answer.find("success");
  if (success != nullptr && success->boolean() != nullptr && *success->boolean()) return;
  throw Error(ErrorKind::protocol, doing + ": the answer does not say that it succeeded", effect);
}

std::size_t count_in(const Json& info, std::string_view member, const std::string& doing) {
  const auto number = whole_number(info.find(member));
  if (number && *number >= 0) return static_cast<std::size_t>(*number);
  throw Error(ErrorKind::protocol,
              doing + ": the answer has no number \"" + std::string(member) + "\" of its pages");
}

/// Whether another page follows the one asked for, by the envelope around it.
bool has_next(const Json& answer, std::size_t page, std::size_t came, std::size_t& total,
              const std::string& doing) {
  check_success(answer, doing, Effect::none);
  const Json* info = answer.find("result_info");
  if (info == nullptr || info->members() == nullptr) {
    throw Error(ErrorKind::protocol, doing + ": the answer does not tell of its pages");
  }
  total = count_in(*info, "total_count", doing);
  if (count_in(*info, "page", doing) != page || count_in(*info, "count", doing) != came) {
    throw Error(ErrorKind::protocol, doing + ": page " + std::to_string(page) +
                                         " was asked for, and another one or part of it came");
  }
  // Older answers do not count the pages.
  if (info->find("total_pages") != nullptr) return page < count_in(*info, "total_pages", doing);
  return page * count_in(*info, "per_page", doing) < total;
}

}  // namespace

bool Complaint::has(std::int64_t code) const {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

Complaint complaint_of(const http::Response& response) {
  std::string text;
  for (const auto& piece : response.body.pieces()) {
    if (text.size() < kLongestComplaint) text += piece;
  }
  Complaint complaint;
  try {
    const Json body = http::parse_json(text, "");
    const Json* errors = body.find("errors");
    if (errors != nullptr && errors->elements() != nullptr) {
      for (const Json& error : *errors->elements()) add_error(error, complaint);
    }
  } catch (const Error&) {
    // The edge in front of the API, or a proxy: its own words.
  }
  complaint.words = on_one_line(complaint.words.empty() ? text : complaint.words);
  return complaint;
}

bool is_throttled(const http::Response& response) {
  if (response.status == 429) return true;
  if (response.status >= 500 || response.body.size() > kLongestComplaint) return false;
  const Complaint complaint = complaint_of(response);
  return complaint.has(971) || complaint.has(10300);
}

void check_answer(const http::Response& response, http::Intent intent, const std::string& doing,
                  const http::Secrets& secrets, const std::string& more) {
  const Effect effect = intent == http::Intent::write ? Effect::unknown : Effect::none;
  if (response.status == 200) return check_json(response, doing, effect);
  const Complaint complaint = complaint_of(response);
  try {
    http::fail_unless_ok(response, intent, doing, complaint.words + more, secrets);
  } catch (const Error& error) {
    ErrorKind kind = error.kind();
    if (response.status < 500 && has_one_of(complaint, kAuthCodes)) kind = ErrorKind::auth;
    if (response.status < 500 && has_one_of(complaint, kConflictCodes)) kind = ErrorKind::conflict;
    Error told(kind, error.what(), error.effect());
    throw told.with_hint(hint_for(kind)).with_request_id(error.request_id());
  }
  throw Error(ErrorKind::protocol,
              doing + ": the server answered " + std::to_string(response.status) +
                  ", which is not what Cloudflare answers when it is done",
              effect);
}

std::optional<std::int64_t> whole_number(const Json* value) {
  if (value == nullptr) return std::nullopt;
  if (const auto* integer = value->integer()) return *integer;
  constexpr double kMost = 9e15;
  const double* number = value->number();
  if (number == nullptr || std::trunc(*number) != *number || std::abs(*number) > kMost) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*number);
}

const std::string& text_of(const Json& object, std::string_view member, const std::string& doing) {
  const Json* value = object.find(member);
  if (value != nullptr && value->string() != nullptr) return *value->string();
  throw Error(ErrorKind::protocol,
              doing + ": the answer has no text \"" + std::string(member) + "\"");
}

void each_result(http::Channel& channel, const std::string& target, const std::string& doing,
                 const http::Secrets& secrets, const std::function<void(Json&&)>& element) {
  http::Once once(doing);
  std::size_t page = 1;
  std::size_t total = 0;
  const auto page_target = [&] { return target + "&page=" + std::to_string(page); };
  http::each_page(channel, page_target(), doing,
                  [&](http::Response&& response) -> std::optional<std::string> {
                    check_answer(response, http::Intent::read, doing, secrets);
                    std::size_t came = 0;
                    const Json answer = http::parse_json_elements(
                        std::move(response.body), "result",
                        [&](Json&& item) {
                          ++came;
                          once.add(text_of(item, "id", doing));
                          element(std::move(item));
                        },
                        doing);
                    if (!has_next(answer, page, came, total, doing)) return std::nullopt;
                    ++page;
                    return page_target();
                  });
  once.check_total(total);
}

Json one_result(const http::Response& response, const std::string& doing,
                const http::Secrets& secrets) {
  check_answer(response, http::Intent::read, doing, secrets);
  const Json answer = http::parse_json_body(response.body, doing);
  check_success(answer, doing, Effect::none);
  const Json* result = answer.find("result");
  if (result != nullptr && result->members() != nullptr) return *result;
  throw Error(ErrorKind::protocol, doing + ": the answer has no object \"result\"");
}

}  // namespace mxsmith::providers::cloudflare
