// Every kind of store, empty, for what all of them must do alike.
#pragma once

#include "clones.hpp"
#include "sample.hpp"
#include "state/zone_folder.hpp"

namespace mxsmith::tests {

enum class StoreKind { file, git, git_without_remote };

inline StoreKind any_kind() {
  return GENERATE(StoreKind::file, StoreKind::git, StoreKind::git_without_remote);
}

class StorePlace {
 public:
  explicit StorePlace(StoreKind kind) : kind_(kind) {
    INFO("store of kind " << static_cast<int>(kind));
    if (kind == StoreKind::git) repository_ = std::make_unique<SharedRepository>();
    if (kind == StoreKind::git_without_remote) git(folder_.path(), {"init", "--quiet", "alone"});
  }

  /// Another instance each time, as another process would have it.
  [[nodiscard]] std::unique_ptr<state::Store> open() const {
    if (kind_ == StoreKind::git) return repository_->store("first");
    if (kind_ == StoreKind::file) return state::file_store(folder_.path() / "state");
    return state::git_store(SharedRepository::settings(folder_.path() / "alone"), system_clock());
  }

  /// Where its files are on this machine, laid out as the file store's.
  [[nodiscard]] fs::path files() const {
    if (kind_ == StoreKind::file) return folder_.path() / "state";
    const bool alone = kind_ == StoreKind::git_without_remote;
    const fs::path clone = alone ? folder_.path() / "alone" : repository_->path() / "first";
    return clone / ".git/mxsmith" / (alone ? "+local" : "origin") / "refs%2Fmxsmith%2Fstate" /
           "tree/%2E";
  }

 private:
  StoreKind kind_;
  TemporaryDirectory folder_;
  std::unique_ptr<SharedRepository> repository_;
};

}  // namespace mxsmith::tests
