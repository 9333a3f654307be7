#include "providers/all.hpp"

#include <algorithm>
#include <vector>

#include "providers/cloudflare/cloudflare.hpp"
#include "providers/digitalocean/digitalocean.hpp"
#include "providers/gcloud/gcloud.hpp"
#include "providers/powerdns/powerdns.hpp"
#include "providers/rfc2136/rfc2136.hpp"
#include "providers/route53/route53.hpp"
#include "providers/zonefile/zonefile.hpp"

namespace mxsmith::providers {

std::span<const provider::ProviderInfo> all() {
  static const std::vector<provider::ProviderInfo> kAll = {
      cloudflare_info(), digitalocean_info(), gcloud_info(),  powerdns_info(),
      rfc2136_info(),    route53_info(),      zonefile_info()};
  return kAll;
}

const provider::ProviderInfo* find(std::string_view type) {
  const auto known = all();
  const auto found =
      std::find_if(known.begin(), known.end(),
                   [&](const provider::ProviderInfo& info) { return info.type == type; });
  return found == known.end() ? nullptr : &*found;
}

}  // namespace mxsmith::providers
