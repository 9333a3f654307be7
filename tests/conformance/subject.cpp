#include "conformance/subject.hpp"

#include <atomic>
#include <thread>
#include <utility>

namespace mxsmith::conformance {

std::vector<dns::Zone> Subject::seen_during(const dns::Name& zone,
                                            const std::function<void()>& work) {
  std::vector<dns::Zone> seen;
  std::atomic<bool> over{false};
  std::thread reader([&] {
    while (!over) {
      dns::Zone now = records(zone);
      if (seen.empty() || !(seen.back() == now)) seen.push_back(std::move(now));
    }
  });
  try {
    work();
  } catch (...) {
    over = true;
    reader.join();
    throw;
  }
  over = true;
  reader.join();
  seen.push_back(records(zone));
  return seen;
}

std::vector<SubjectEntry> subjects() {
  std::vector<SubjectEntry> all;
  for (const auto table :
       {zonefile_subjects, memory_subjects, powerdns_subjects, plugin_subjects, cloudflare_subjects,
        digitalocean_subjects, gcloud_subjects, route53_subjects, rfc2136_subjects}) {
    for (SubjectEntry& entry : table()) all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace mxsmith::conformance
