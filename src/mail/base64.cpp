#include "mail/base64.hpp"

#include <algorithm>
#include <iterator>

#include "base/base64.hpp"

namespace mxsmith::mail {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kSpace = " \t\r\n";

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  return text.empty() ? std::nullopt : base::parse_base64(text);
}

std::size_t first_not_base64(std::string_view text) {
  const auto found = std::find_if(text.begin(), text.end(), [](char c) {
    return c != '=' && kAlphabet.find(c) == std::string_view::npos &&
           kSpace.find(c) == std::string_view::npos;
  });
  return found == text.end() ? std::string_view::npos
                             : static_cast<std::size_t>(found - text.begin());
}

std::string without_space(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  std::copy_if(text.begin(), text.end(), std::back_inserter(result),
               [](char c) { return kSpace.find(c) == std::string_view::npos; });
  return result;
}

}  // namespace mxsmith::mail
