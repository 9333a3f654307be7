#include <algorithm>

#include "dns/zone_file.hpp"

namespace mxsmith::dns {

namespace {

constexpr std::size_t kWidestOwner = 32;
constexpr std::size_t kWidestTtl = 10;

/// SOA, then NS, then the rest by number.
int rank_of(Type type) {
  if (type == Type::SOA) return 0;
  return type == Type::NS ? 1 : 2;
}

std::vector<const RRset*> in_order(const Zone& zone) {
  std::vector<const RRset*> sets;
  sets.reserve(zone.size());
  for (const auto& set : zone.sets()) sets.push_back(&set);
  std::sort(sets.begin(), sets.end(), [&](const RRset* a, const RRset* b) {
    if (const auto order = a->name <=> b->name; order != 0) return order < 0;
    if (rank_of(a->type) != rank_of(b->type)) return rank_of(a->type) < rank_of(b->type);
    return a->type < b->type;
  });
  return sets;
}

class Printer {
 public:
  Printer(const Zone& zone, const PrintOptions& options) : zone_(zone), options_(options) {
    for (const auto& set : zone.sets()) {
      owner_ = std::max(owner_, std::min(owner_of(set).size(), kWidestOwner));
      type_ = std::max(type_, type_name(set.type).size());
      if (set.ttl != options.default_ttl) {
        ttl_ = std::max(ttl_, std::min(std::to_string(set.ttl).size(), kWidestTtl));
      }
    }
  }

  std::string print() {
    out_ =
        "$ORIGIN " + zone_.apex().text() + "\n$TTL " + std::to_string(options_.default_ttl) + "\n";
    for (const RRset* set : in_order(zone_)) {
      for (const auto& value : sorted_values(*set)) line(*set, value);
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string owner_of(const RRset& set) const {
    return set.name.text_relative_to(zone_.apex());
  }

  void padded(const std::string& field, std::size_t width) {
    out_ += field;
    out_.append(width > field.size() ? width - field.size() : 0, ' ');
    out_ += ' ';
  }

  void line(const RRset& set, const Rdata& value) {
    padded(owner_of(set), owner_);
    if (ttl_ != 0) {
      padded(set.ttl == options_.default_ttl ? "" : std::to_string(set.ttl), ttl_);
    }
    out_ += "IN ";
    padded(type_name(set.type), type_);
    if (const auto* soa = std::get_if<Soa>(&value)) {
      soa_lines(*soa);
    } else {
      out_ += print_rdata(value) + '\n';
    }
  }

  void soa_lines(const Soa& soa) {
    out_ += soa.mname.text() + ' ' + soa.rname.text() + " (\n";
    number(soa.serial, " ; serial\n");
    number(soa.refresh, " ; refresh\n");
    number(soa.retry, " ; retry\n");
    number(soa.expire, " ; expire\n");
    number(soa.minimum, " ; negative TTL\n");
    out_.append(owner_ + 1, ' ') += ")\n";
  }
  void number(std::uint32_t value, const char* meaning) {
    const std::string digits = std::to_string(value);
    out_.append(owner_ + 3, ' ') += digits;
    out_.append(kWidestTtl - digits.size(), ' ') += meaning;
  }

  const Zone& zone_;
  const PrintOptions& options_;
  std::string out_;
  std::size_t owner_ = 1;
  std::size_t type_ = 1;
  std::size_t ttl_ = 0;
};

}  // namespace

std::string print_zone_file(const Zone& zone, const PrintOptions& options) {
  return Printer(zone, options).print();
}

}  // namespace mxsmith::dns
