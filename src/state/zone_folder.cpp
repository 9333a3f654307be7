#include "state/zone_folder.hpp"

#include <charconv>
#include <cstdio>
#include <system_error>
#include <utility>

#include "base/error.hpp"

namespace mxsmith::state {

namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";
constexpr std::string_view kEntrySuffix = ".jsonl";

bool stands_for_itself(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

void append_encoded(std::string& to, char c) {
  const auto octet = static_cast<unsigned char>(c);
  to += '%';
  to += kHexDigits[octet >> 4];
  to += kHexDigits[octet & 15];
}

/// The account's folder stands beside the store's own hold.json.
std::string account_folder(const std::string& account) {
  if (account.empty()) {
    throw base::Error(base::ErrorKind::invalid, "an account needs a name to have history");
  }
  const std::string encoded = encode_file_name(account);
  return encoded == "hold.json" ? "hold%2Ejson" : encoded;
}

std::string zone_folder_name(const dns::Name& zone) {
  std::string text = zone.text();
  if (text.size() > 1) text.pop_back();  // the final dot
  return encode_file_name(text);
}

std::optional<std::uint64_t> entry_id(const std::string& file_name) {
  if (!file_name.ends_with(kEntrySuffix)) return std::nullopt;
  const char* begin = file_name.data();
  const char* end = begin + file_name.size() - kEntrySuffix.size();
  std::uint64_t id = 0;
  const auto [stop, fault] = std::from_chars(begin, end, id);
  if (fault != std::errc() || stop != end || id == 0) return std::nullopt;
  return id;
}

}  // namespace

std::string encode_file_name(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  const bool dots_alone = text.find_first_not_of('.') == std::string_view::npos;
  for (const char c : text) {
    if (stands_for_itself(c) && !(dots_alone && encoded.empty())) {
      encoded += c;
    } else {
      append_encoded(encoded, c);
    }
  }
  return encoded;
}

std::optional<std::string> decode_file_name(std::string_view name) {
  std::string text;
  text.reserve(name.size());
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '%') {
      if (!stands_for_itself(name[i])) return std::nullopt;
      text += name[i];
      continue;
    }
    if (i + 2 >= name.size()) return std::nullopt;
    const std::size_t high = kHexDigits.find(name[i + 1]);
    const std::size_t low = kHexDigits.find(name[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    text += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return text;
}

ZoneFolder::ZoneFolder(const fs::path& store, const ZoneKey& zone)
    : path_(store / account_folder(zone.account) / zone_folder_name(zone.zone)) {}

ZoneFolder::ZoneFolder(fs::path path) : path_(std::move(path)) {}

fs::path ZoneFolder::sealed(std::uint64_t id) const {
  char name[32];
  std::snprintf(name, sizeof name, "%06llu", static_cast<unsigned long long>(id));
  return history() / (std::string(name) + std::string(kEntrySuffix));
}

std::map<std::uint64_t, fs::path> ZoneFolder::sealed_entries() const {
  std::map<std::uint64_t, fs::path> entries;
  std::error_code fault;
  for (fs::directory_iterator at(history(), fault), end; !fault && at != end; at.increment(fault)) {
    if (const auto id = entry_id(at->path().filename().string())) entries.emplace(*id, at->path());
  }
  if (fault && fault != std::errc::no_such_file_or_directory) {
    throw base::io_error("read directory " + history().string(), fault.value());
  }
  return entries;
}

bool ZoneFolder::has_state() const {
  std::error_code ignored;
  return fs::exists(journal(), ignored) || fs::exists(manifest(), ignored) ||
         fs::exists(hold(), ignored) || !sealed_entries().empty();
}

}  // namespace mxsmith::state
