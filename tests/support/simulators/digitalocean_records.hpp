// Records as the simulator of DigitalOcean takes them, keeps them and gives them back.
#pragma once

#include <string>
#include <vector>

#include "support/simulators/digitalocean.hpp"

namespace mxsmith::tests::digitalocean {

/// An answer that is thrown: nothing of the request takes place.
struct Refused {
  int status;
  std::string id;
  std::string message;
};
Refused unprocessable(const std::string& message);

/// What a body makes of a record, `before` being the one it changes; null: it makes a new one.
/// Throws Refused.
DigitaloceanSimulator::Record read_record(const http::Json& body, const std::string& zone,
                                          const DigitaloceanSimulator::Record* before);
http::Json print_record(const DigitaloceanSimulator::Record& record);

/// Throws Refused where the record cannot stand beside the others.
void check_beside(const DigitaloceanSimulator::Record& record,
                  const std::vector<DigitaloceanSimulator::Record>& others);

}  // namespace mxsmith::tests::digitalocean
