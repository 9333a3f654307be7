// Cloudflare's simulator as a subject, for tests of Cloudflare alone as well.
#pragma once

#include <memory>
#include <string>

#include "conformance/subject.hpp"
#include "support/simulators/cloudflare.hpp"

namespace mxsmith::conformance {

/// Zones that it makes are of that plan: "free", "pro".
std::unique_ptr<Subject> cloudflare_subject(const std::string& name, const std::string& plan,
                                            std::shared_ptr<tests::CloudflareSimulator> simulator);

}  // namespace mxsmith::conformance
