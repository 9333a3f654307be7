// The catalogue of mail services from its files: those that are compiled in, and a user's own.
//
// A service is one TOML file, named by its id. Ours are in services/ of the sources; a project
// names a folder of its own by `services` in mxsmith.toml, whose files take the place of ours of
// the same id and join the others.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "mail/service.hpp"

namespace mxsmith::spec {

struct ServiceText {
  std::string_view id;
  std::string_view text;
};
/// The files as they were compiled in, by id.
std::span<const ServiceText> built_in_service_texts();

/// What the compiled-in files say; read when first asked for. Throws Error{invalid} if one of them
/// is wrong, which a test rules out.
const mail::Catalogue& built_in_services();

/// One file; nothing after an error. Rules besides those of shape: spec-missing-key,
/// spec-service-file.
std::optional<mail::Service> read_service(std::string_view text, const std::string& id,
                                          const std::string& file, base::Diagnostics& diagnostics);

/// The services that a project knows. Copies share what was read; any thread may ask.
class KnownServices {
 public:
  KnownServices() = default;
  explicit KnownServices(std::vector<mail::Service> own);

  /// Valid as long as a copy lives.
  [[nodiscard]] const mail::Catalogue& catalogue() const;
  /// Whether the entry of that id is the user's own.
  [[nodiscard]] bool is_own(std::string_view id) const;

 private:
  struct Own {
    std::vector<mail::Service> services;
    std::once_flag once;
    mail::Catalogue catalogue;
  };
  std::shared_ptr<Own> own_;  ///< Null: ours alone.
};

}  // namespace mxsmith::spec
