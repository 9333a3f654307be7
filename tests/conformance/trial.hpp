// Rows of the list that are no states: faults, claims of the traits, what others do meanwhile. Each
// is a few sentences of code over a bench that has a subject with an empty zone on it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conformance/subject.hpp"
#include "conformance/walk.hpp"
#include "conformance/workplace.hpp"

namespace mxsmith::conformance {

class Bench {
 public:
  explicit Bench(Subject& subject);

  [[nodiscard]] Subject& subject() { return subject_; }
  [[nodiscard]] Workplace& place() { return *place_; }
  [[nodiscard]] const plan::Traits& traits() const { return traits_; }
  [[nodiscard]] const dns::Name& zone_name() const { return zone_; }
  /// A name of the zone, or the apex for "@".
  [[nodiscard]] dns::Key key(const std::string& owner, dns::Type type) const;

  /// An empty zone and an empty folder again.
  void start_over();
  /// The same zone, and an account that leads to it in another way.
  void reach_by(Access access);
  /// The records that should now exist; what is not among them goes.
  void declare(const std::vector<std::string>& records, const std::string& blocks = {});
  /// As `declare`, but what was never declared stays.
  void declare_beside_others(const std::vector<std::string>& records,
                             const std::string& blocks = {});
  void put(const std::vector<std::string>& lines);
  /// Declares, applies, and expects that to go through.
  void reach(const std::vector<std::string>& records, const std::string& blocks = {});
  [[nodiscard]] dns::Zone zone() { return subject_.records(zone_); }

  /// Which row the next failures belong to.
  void now(std::string title) { title_ = std::move(title); }
  /// Whether `holds`; otherwise what went wrong is remembered.
  bool expect(bool holds, const std::string& otherwise);
  bool expect_status(const engine::Report& report, engine::ZoneStatus status);
  bool expect_error(const engine::Report& report, base::ErrorKind kind);
  bool expect_zone(const dns::Zone& expected, const std::string& otherwise);
  /// That a fresh plan has nothing to do.
  bool expect_done();
  [[nodiscard]] std::vector<Failure> take_failures() { return std::move(failures_); }

 private:
  Subject& subject_;
  dns::Name zone_;
  std::unique_ptr<Workplace> place_;
  plan::Traits traits_;
  std::string title_;
  std::vector<Failure> failures_;
};

/// What a subject must offer for a trial to mean anything there.
enum class Needs : std::uint8_t {
  nothing,
  faults,  ///< Writes and reads can be made to fail.
  wire,    ///< It is reached over HTTP.
};

struct Trial {
  std::string title;
  Needs needs = Needs::nothing;
  std::function<void(Bench&)> run;
};

std::vector<Trial> meanwhile_trials();
std::vector<Trial> metadata_trials();
std::vector<Trial> claim_trials();
std::vector<Trial> fault_trials();
std::vector<Trial> wire_trials();
std::vector<Trial> disguise_trials();
std::vector<Trial> all_trials();

/// Whether the subject offers that.
bool offers(Subject& subject, Needs needs);
std::vector<Failure> run_trial(Subject& subject, const Trial& trial);

}  // namespace mxsmith::conformance
