// Zone files that answer for DNS where nobody is asked (--records).
//
// A file is a zone's own, or holds names of any domain: read at the root, it needs no SOA.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/diagnostic.hpp"
#include "dns/zone_file.hpp"
#include "mail/rule.hpp"
#include "mail/zone_resolver.hpp"

namespace mxsmith::engine {

namespace fs = std::filesystem;

class Records {
 public:
  Records() = default;
  /// `origin` completes relative names until a $ORIGIN says otherwise. Throws Error{io}; what is
  /// wrong in the files goes to `diagnostics`.
  Records(const std::vector<fs::path>& files, const dns::Name& origin,
          base::Diagnostics& diagnostics);

  [[nodiscard]] bool empty() const { return files_.empty(); }
  /// Answers from the files; null without any. Of a zone whose SOA is in them they hold the whole,
  /// of other names what they do not hold is not checked.
  [[nodiscard]] std::unique_ptr<mail::Resolver> resolver() const;
  /// What lies at or below that name, as a zone of its own.
  [[nodiscard]] dns::Zone zone(const dns::Name& apex) const;
  /// The line at which the record stands that is meant: the value, else the first of the set.
  [[nodiscard]] base::SourcePos place(const mail::Subject& subject) const;

 private:
  struct File {
    std::shared_ptr<const std::string> path;
    dns::ZoneFile file;
  };
  std::vector<File> files_;
  dns::Zone all_;  ///< Its apex is the root.
};

}  // namespace mxsmith::engine
