// The catalogue of mail services, one entry of it, and the services that a zone was found to use.
#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"
#include "cli/render/renderer.hpp"
#include "mail/service.hpp"
#include "spec/service_files.hpp"

namespace mxsmith::cli::render {

std::string print_services(const spec::KnownServices& services, Format format, const View& view);
/// `service` is one of these.
std::string print_service(const spec::KnownServices& services, const mail::Service& service,
                          Format format, const View& view);

struct ZoneServices {
  dns::Name zone;
  std::string source;  ///< "cloudflare (main)", or the path of a zone file.
  std::vector<mail::DetectedService> services;
};
std::string print_detected(const ZoneServices& found, Format format, const View& view);

}  // namespace mxsmith::cli::render
