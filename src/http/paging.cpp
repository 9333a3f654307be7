#include "http/paging.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace mxsmith::http {

namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t kMostPages = 100000;

/// Whether parameters of a link, `rel="next last"; title=x`, name that relation.
bool has_relation(std::string_view parameters, std::string_view relation) {
  for (const std::string& parameter : base::split(parameters, ';')) {
    const std::string_view text = base::trim(parameter);
    const std::size_t equals = text.find('=');
    if (equals == text.npos ||
        !base::equals_ignoring_case(base::trim(text.substr(0, equals)), "rel")) {
      continue;
    }
    std::string_view value = base::trim(text.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    for (const std::string& word : base::split(value, ' ')) {
      if (base::equals_ignoring_case(word, relation)) return true;
    }
  }
  return false;
}

}  // namespace

void each_page(Channel& channel, const std::string& first, const std::string& doing,
               const PageReader& read) {
  std::unordered_set<std::string> asked;
  std::optional<std::string> next = first;
  while (next) {
    if (!asked.insert(*next).second) {
      throw Error(ErrorKind::protocol, doing + ": the server leads back to a page it has given");
    }
    if (asked.size() > kMostPages) {
      throw Error(ErrorKind::protocol, doing + ": the pages do not end");
    }
    next = read(channel.get(*next));
  }
}

void Once::add(const std::string& identity) {
  if (seen_.insert(identity).second) return;
  throw Error(ErrorKind::protocol,
              doing_ + ": " + base::escape_for_terminal(identity) +
                  " came twice: a page was repeated, or something changed while it was read");
}

void Once::check_total(std::size_t counted) const {
  if (counted == seen_.size()) return;
  throw Error(ErrorKind::protocol, doing_ + ": " + std::to_string(seen_.size()) + " of " +
                                       std::to_string(counted) +
                                       " came: a page is missing, or "
                                       "something changed while it was read");
}

std::optional<std::string> link_to(const Headers& headers, std::string_view relation) {
  for (const auto& [name, value] : headers.fields()) {
    if (!base::equals_ignoring_case(name, "Link")) continue;
    std::string_view rest = value;
    for (auto open = rest.find('<'); open != rest.npos; open = rest.find('<')) {
      const std::size_t close = rest.find('>', open);
      if (close == rest.npos) break;
      const std::string_view url = rest.substr(open + 1, close - open - 1);
      rest = rest.substr(close + 1);
      // The parameters end where the next link begins.
      if (has_relation(rest.substr(0, rest.find('<')), relation)) return std::string(url);
    }
  }
  return std::nullopt;
}

std::string target_of(const Channel& channel, const std::string& url, const std::string& doing) {
  const std::string& base = channel.base_url();
  if (url.starts_with(base) && url.size() > base.size() &&
      (url[base.size()] == '/' || url[base.size()] == '?')) {
    return url.substr(base.size());
  }
  throw Error(ErrorKind::protocol, doing + ": the server leads to " +
                                       base::escape_for_terminal(url) + ", which is not at " +
                                       base + "; the credential is not sent there");
}

}  // namespace mxsmith::http
