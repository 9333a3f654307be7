// Reading what an API gives page by page, whichever way it tells of the next one: by number, by
// cursor, or by link.
//
// A page that was left out, or one that came twice, would make a zone that nobody has; so every
// walk checks that no page comes again, and `Once` that no item does and that none is missing.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "http/client.hpp"

namespace mxsmith::http {

/// Takes one page and gives the target of the next, or nothing after the last one.
using PageReader = std::function<std::optional<std::string>(Response&& page)>;

/// Gets pages from the target `first` on. The reader judges each answer's status itself. Throws
/// Error{protocol} when a target comes a second time, and beyond a hundred thousand pages; `doing`
/// says what was being read.
void each_page(Channel& channel, const std::string& first, const std::string& doing,
               const PageReader& read);

/// Sees to it that items of several pages come once each.
class Once {
 public:
  explicit Once(std::string doing) : doing_(std::move(doing)) {}
  /// Throws Error{protocol} for what was there before.
  void add(const std::string& identity);
  /// Throws Error{protocol} unless as many came as the server counted.
  void check_total(std::size_t counted) const;
  [[nodiscard]] std::size_t size() const { return seen_.size(); }

 private:
  std::string doing_;
  std::unordered_set<std::string> seen_;
};

/// Where the link of that relation leads, from Link header fields (RFC 8288 section 3): rel="next".
std::optional<std::string> link_to(const Headers& headers, std::string_view relation);

/// The target of an absolute URL at the channel's API. Throws Error{protocol} for one that leads
/// anywhere else: the credential must not go there.
std::string target_of(const Channel& channel, const std::string& url, const std::string& doing);

}  // namespace mxsmith::http
