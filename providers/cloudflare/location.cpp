#include "providers/cloudflare/location.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace mxsmith::providers::cloudflare {

namespace {

using http::Json;

/// Of RFC 1876 section 2: thousandths of an arc second from the equator or the prime meridian, and
/// centimetres above 100,000 m below the spheroid.
constexpr std::uint32_t kMiddle = 0x80000000;
constexpr double kReference = 10000000;
constexpr std::size_t kOctets = 16;

std::uint32_t number_at(std::string_view wire, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    number = number << 8 | static_cast<unsigned char>(wire[at + i]);
  }
  return number;
}

/// A size or precision: a digit and a power of ten of centimetres in one octet.
double metres_of(char octet) {
  const auto number = static_cast<unsigned char>(octet);
  return (number >> 4) * std::pow(10.0, number & 0x0f) / 100;
}

void add_angle(Json& data, const std::string& prefix, std::uint32_t value, const char* positive,
               const char* negative) {
  const bool is_positive = value >= kMiddle;
  const std::uint32_t size = is_positive ? value - kMiddle : kMiddle - value;
  data.add(prefix + "_degrees", size / 3600000);
  data.add(prefix + "_minutes", size / 60000 % 60);
  data.add(prefix + "_seconds", static_cast<double>(size % 60000) / 1000);
  data.add(prefix + "_direction", is_positive ? positive : negative);
}

std::optional<double> number(const Json& data, const std::string& member) {
  const Json* value = data.find(member);
  if (value == nullptr) return std::nullopt;
  if (const auto* integer = value->integer()) return static_cast<double>(*integer);
  if (const auto* real = value->number()) return *real;
  return std::nullopt;
}

bool add_angle_text(std::string& text, const Json& data, const std::string& prefix) {
  const auto degrees = number(data, prefix + "_degrees");
  const Json* direction = data.find(prefix + "_direction");
  if (!degrees || direction == nullptr || direction->string() == nullptr) return false;
  std::array<char, 96> angle{};
  std::snprintf(angle.data(), angle.size(), "%.0f %.0f %.3f ", *degrees,
                number(data, prefix + "_minutes").value_or(0),
                number(data, prefix + "_seconds").value_or(0));
  text += angle.data() + *direction->string() + " ";
  return true;
}

void add_length(std::string& text, double metres, const char* after) {
  std::array<char, 64> length{};
  std::snprintf(length.data(), length.size(), "%.2fm%s", metres, after);
  text += length.data();
}

}  // namespace

std::optional<Json> data_of_location(std::string_view wire) {
  if (wire.size() != kOctets || wire[0] != 0) return std::nullopt;
  Json data = Json::object();
  add_angle(data, "lat", number_at(wire, 4), "N", "S");
  add_angle(data, "long", number_at(wire, 8), "E", "W");
  data.add("altitude", (number_at(wire, 12) - kReference) / 100);
  data.add("size", metres_of(wire[1]));
  data.add("precision_horz", metres_of(wire[2]));
  data.add("precision_vert", metres_of(wire[3]));
  return data;
}

std::optional<std::string> text_of_location(const Json& data) {
  std::string text;
  if (!add_angle_text(text, data, "lat") || !add_angle_text(text, data, "long")) {
    return std::nullopt;
  }
  const auto altitude = number(data, "altitude");
  if (!altitude) return std::nullopt;
  add_length(text, *altitude, " ");
  add_length(text, number(data, "size").value_or(0), " ");
  add_length(text, number(data, "precision_horz").value_or(0), " ");
  add_length(text, number(data, "precision_vert").value_or(0), "");
  return text;
}

}  // namespace mxsmith::providers::cloudflare
