// Threads that work on zones, several at a time, and in turn over the accounts.
//
// Each account has a lane of its own: a bounded number of its zones is worked on at once, and the
// lanes are served round-robin. An account that is slow, or whose budget of requests is used up,
// so holds its own zones up and nobody else's.
//
// Work has two parts, so that zones can be read while specs are still being parsed: `ahead` begins
// as soon as a task is there, `then` only after go_on(). Whoever finds a fault in the specs gives
// up instead, and no second part ever begins.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/task.hpp"

namespace mxsmith::engine {

class Crew {
 public:
  struct Work {
    std::function<void(Task&)> ahead;  ///< May be empty.
    std::function<void(Task&)> then;   ///< Reached by tasks that are still open.
  };

  Crew(Workshop& workshop, Work work);
  /// Gives up what has not begun and waits for what has.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// The task must stay where it is until the crew is done. One that is not open is left alone.
  void add(Task& task);
  void go_on();
  void give_up();
  /// No more tasks come: waits until all are done. Errors end their task alone; an exception of
  /// another kind is thrown here, once the others are done.
  void finish();

 private:
  struct Lane {
    std::deque<Task*> waiting;
    std::size_t at_work = 0;
  };
  /// What a thread does next.
  struct Turn {
    Task* task = nullptr;
    Lane* lane = nullptr;  ///< Null: the first part is done.
  };
  enum class Gate : std::uint8_t { closed, open, given_up };

  void run();
  bool next(Turn& turn);
  bool next_of_lanes(Turn& turn);
  [[nodiscard]] std::size_t places_per_lane() const;
  [[nodiscard]] bool over() const;
  void work_on(Turn& turn, std::unique_lock<std::mutex>& hold);
  void attempt(Task& task, const std::function<void(Task&)>& part);
  void join();

  Workshop& workshop_;
  Work work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::size_t> lane_of_;
  std::deque<Lane> lanes_;
  std::size_t turn_ = 0;          ///< The lane to be asked first.
  std::deque<Task*> read_ahead_;  ///< The first part is done, the second not begun.
  std::size_t sets_ahead_ = 0;
  std::size_t waiting_ = 0;
  std::size_t idle_ = 0;
  std::size_t at_work_ = 0;
  Gate gate_ = Gate::closed;
  bool closed_ = false;
  std::exception_ptr unforeseen_;
  std::vector<std::thread> threads_;
};

}  // namespace mxsmith::engine
