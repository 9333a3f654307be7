#!/bin/sh
# Builds the fuzz targets with clang and runs each for FUZZ_SECONDS (600), as many at a time as there are processors for us.
#
#   scripts/fuzz.sh BUILD_DIR [TARGET...]
#
# What is found stands in BUILD_DIR/findings/TARGET; inputs that reach new code in BUILD_DIR/corpus/TARGET, beside our own of
# tests/fuzz/corpus, which stay as they are. Ends with 1 when anything was found, now or in an earlier run.
set -eu

[ $# -gt 0 ] || { echo "usage: fuzz.sh BUILD_DIR [TARGET...]" >&2; exit 64; }
build=$1
shift
seconds=${FUZZ_SECONDS:-600}
root=$(cd "$(dirname "$0")/.." && pwd)
jobs=$("$root/scripts/jobs.sh")

cmake --preset fuzz --log-level=WARNING -S "$root" -B "$build"
cmake --build "$build" --parallel "$jobs" --target fuzz_targets
if [ $# -eq 0 ]; then
  for source in "$root"/tests/fuzz/*_fuzz.cpp; do
    set -- "$@" "$(basename "$source" _fuzz.cpp)"
  done
fi
echo "Fuzzing $# readers, $seconds s each, $jobs at a time."

# One target, in a shell of its own. -timeout: a single input may take that many seconds.
run_one() {
  own="$root/tests/fuzz/corpus/$1"
  found="$build/findings/$1"
  mkdir -p "$build/corpus/$1" "$found"
  if "$build/tests/fuzz/$1_fuzz" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 \
      -artifact_prefix="$found/" "$build/corpus/$1" "$own" >"$build/$1.log" 2>&1; then
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$1.log")
    echo "$1: ${runs:-0} inputs, nothing found"
  else
    echo "$1: FOUND something, see $build/$1.log and $found"
    tail -n 40 "$build/$1.log" | sed 's/^/  /'
  fi
}

export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_stack_use_after_return=1}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
# As many shells as may run at once, each taking every so-many-th target, so that none waits for a particular other.
lane() {
  number=0
  mine=$1
  shift
  for target in "$@"; do
    [ $((number % jobs)) -ne "$mine" ] || run_one "$target"
    number=$((number + 1))
  done
}
at=0
while [ "$at" -lt "$jobs" ]; do
  lane "$at" "$@" &
  at=$((at + 1))
done
wait

if [ -n "$(find "$build/findings" -type f | head -n 1)" ]; then
  echo "Findings:" >&2
  find "$build/findings" -type f >&2
  exit 1
fi
