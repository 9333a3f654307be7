#include "engine/crew.hpp"

#include <algorithm>
#include <utility>

namespace mxsmith::engine {

namespace {

/// Zones worked on at once: enough to hide the latency of APIs.
constexpr std::size_t kMost = 32;
/// Of one account: few enough to be polite, and as many as there are connections to one server.
constexpr std::size_t kMostOfOneAccount = 8;
/// Sets that are held while specs are still being parsed; beyond them reading waits.
constexpr std::size_t kSetsAhead = 200'000;

}  // namespace

Crew::Crew(Workshop& workshop, Work work) : workshop_(workshop), work_(std::move(work)) {}

Crew::~Crew() {
  give_up();
  join();
}

void Crew::add(Task& task) {
  const std::string lane = task.account.name + "\n" + task.account.directory.string();
  const std::lock_guard hold(mutex_);
  const auto [found, is_new] = lane_of_.try_emplace(lane, lanes_.size());
  if (is_new) lanes_.emplace_back();
  lanes_[found->second].waiting.push_back(&task);
  ++waiting_;
  const std::size_t useful = std::min(kMost, kMostOfOneAccount * lanes_.size());
  if (idle_ < waiting_ && threads_.size() < useful) {
    ++idle_;
    threads_.emplace_back([this] { run(); });
  }
  changed_.notify_one();
}

void Crew::go_on() {
  const std::lock_guard hold(mutex_);
  if (gate_ == Gate::closed) gate_ = Gate::open;
  changed_.notify_all();
}

void Crew::give_up() {
  const std::lock_guard hold(mutex_);
  gate_ = Gate::given_up;
  closed_ = true;
  changed_.notify_all();
}

void Crew::finish() {
  {
    const std::lock_guard hold(mutex_);
    if (gate_ == Gate::closed) gate_ = Gate::given_up;
    closed_ = true;
    changed_.notify_all();
  }
  join();
  if (unforeseen_) std::rethrow_exception(std::exchange(unforeseen_, nullptr));
}

void Crew::join() {
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void Crew::run() {
  std::unique_lock hold(mutex_);
  for (;;) {
    Turn turn;
    changed_.wait(hold, [&] { return next(turn) || over(); });
    if (turn.task == nullptr) return;
    --idle_;
    ++at_work_;
    work_on(turn, hold);
    ++idle_;
    --at_work_;
    if (turn.lane != nullptr) --turn.lane->at_work;
    changed_.notify_all();
  }
}

/// Whether nothing can come any more: what is at work may still leave a second part to be done.
bool Crew::over() const {
  if (gate_ == Gate::given_up) return true;
  return closed_ && waiting_ == 0 && read_ahead_.empty() && at_work_ == 0;
}

bool Crew::next(Turn& turn) {
  if (gate_ == Gate::given_up) return false;
  if (gate_ == Gate::open && !read_ahead_.empty()) {
    turn = {read_ahead_.front(), nullptr};
    read_ahead_.pop_front();
    return true;
  }
  const bool nothing_ahead = gate_ == Gate::closed && (!work_.ahead || sets_ahead_ >= kSetsAhead);
  return !nothing_ahead && next_of_lanes(turn);
}

bool Crew::next_of_lanes(Turn& turn) {
  const std::size_t places = places_per_lane();
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    Lane& lane = lanes_[(turn_ + i) % lanes_.size()];
    if (lane.waiting.empty() || lane.at_work >= places) continue;
    turn = {lane.waiting.front(), &lane};
    lane.waiting.pop_front();
    ++lane.at_work;
    --waiting_;
    turn_ = (turn_ + i + 1) % lanes_.size();
    return true;
  }
  return false;
}

/// Every account with something to do has at least one place, as long as there are enough for all.
std::size_t Crew::places_per_lane() const {
  const auto busy = std::count_if(lanes_.begin(), lanes_.end(), [](const Lane& lane) {
    return lane.at_work != 0 || !lane.waiting.empty();
  });
  const auto lanes = std::max<std::size_t>(1, static_cast<std::size_t>(busy));
  return std::clamp<std::size_t>(kMost / lanes, 1, kMostOfOneAccount);
}

void Crew::work_on(Turn& turn, std::unique_lock<std::mutex>& hold) {
  Task& task = *turn.task;
  if (turn.lane != nullptr && work_.ahead) {
    hold.unlock();
    attempt(task, work_.ahead);
    hold.lock();
    if (gate_ == Gate::closed) {
      read_ahead_.push_back(&task);
      sets_ahead_ += task.live.sets().size();
      return;
    }
  }
  if (gate_ != Gate::open) return;
  hold.unlock();
  attempt(task, work_.then);
  workshop_.tell_end(task);
  hold.lock();
}

void Crew::attempt(Task& task, const std::function<void(Task&)>& part) {
  if (!task.open()) return;
  if (workshop_.stopping()) {
    task.report.status = ZoneStatus::skipped;
    return;
  }
  try {
    part(task);
  } catch (const base::Error& error) {
    task.fail(error);
  } catch (...) {
    // Out of memory or a mistake of ours: it ends the run, but not before the others are done.
    const std::lock_guard hold(mutex_);
    unforeseen_ = std::current_exception();
  }
}

}  // namespace mxsmith::engine
