#!/bin/bash
# Runs clang-tidy by .clang-tidy over our .cpp files, those that changed first.
#
#   scripts/lint.sh BUILD_DIR [--all] [--seconds N]
#
# BUILD_DIR holds compile_commands.json. Without --all only files are looked at that changed since LINT_BASE: by default
# where the branch left origin/main, else the commit before. With --seconds no new file is begun after N seconds, and
# those left out are counted.
set -euo pipefail
build=$(realpath "${1:?usage: lint.sh BUILD_DIR [--all] [--seconds N]}")
cd "$(dirname "$0")/.."
shift
all=no
seconds=86400
while [ $# -gt 0 ]; do
  case "$1" in
    --all) all=yes ;;
    --seconds) seconds=$2; shift ;;
    *) echo "lint.sh: what is '$1'?" >&2; exit 64 ;;
  esac
  shift
done

base_of_change() {
  local base
  if [ -n "${LINT_BASE:-}" ]; then
    # A young or shallow repository may not go back that far.
    git rev-parse --verify --quiet "$LINT_BASE^{commit}" || git rev-list HEAD | tail -n 1
    return
  fi
  base=$(git merge-base HEAD origin/main 2>/dev/null || true)
  if [ -z "$base" ] || [ "$base" = "$(git rev-parse HEAD)" ]; then
    base=$(git rev-parse --verify --quiet HEAD~1 || git rev-parse HEAD)
  fi
  echo "$base"
}

# .cpp files that changed, and those beside a header that did.
changed_files() {
  git diff --name-only --diff-filter=d "$(base_of_change)" -- 'src/*' 'providers/*' |
    sed 's/\.hpp$/.cpp/' | grep '\.cpp$' | sort -u | while read -r file; do
      [ ! -f "$file" ] || echo "$file"
    done
}

if [ "$all" = yes ]; then
  files=$(git ls-files -- 'src/*.cpp' 'providers/*.cpp')
else
  files=$(changed_files || true)
fi
if [ -z "$files" ]; then
  echo "lint: no source changed"
  exit 0
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
export build results
export deadline=$(($(date +%s) + seconds))

check_one() {
  local name=$results/${1//\//_}
  if [ "$(date +%s)" -ge "$deadline" ]; then
    echo "$1" >"$name.left"
  elif clang-tidy --quiet -p "$build" --extra-arg=-Wno-unknown-warning-option "$1" >"$name.out" 2>/dev/null; then
    touch "$name.good"
  else
    touch "$name.bad"
    cat "$name.out"
  fi
}
export -f check_one

xargs -P "$(scripts/jobs.sh)" -I{} bash -c 'check_one {}' <<<"$files"

count() { find "$results" -name "*.$1" | wc -l; }
echo "lint: $(count good) files are good, $(count bad) are not, $(count left) were left out for lack of time"
[ "$(count bad)" -eq 0 ]
