#!/bin/sh
# Prints how many compilers may run at once: as many as there are processors for us, fewer where memory is short.
set -eu

jobs=$(nproc 2>/dev/null || echo 1)

# A container's share of processors, "QUOTA PERIOD" or "max PERIOD" (control groups, version 2).
if [ -r /sys/fs/cgroup/cpu.max ]; then
  read -r quota period </sys/fs/cgroup/cpu.max
  if [ "$quota" != max ]; then
    share=$(((quota + period - 1) / period))
    [ "$share" -ge "$jobs" ] || jobs=$share
  fi
fi

# The largest of our files takes about 700 MB to compile.
kilobytes_per_job=700000
available=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo 2>/dev/null || true)
if [ -r /sys/fs/cgroup/memory.max ]; then
  limit=$(cat /sys/fs/cgroup/memory.max)
  if [ "$limit" != max ] && [ "$((limit / 1024))" -lt "${available:-999999999}" ]; then
    available=$((limit / 1024))
  fi
fi
if [ -n "${available:-}" ]; then
  fit=$((available / kilobytes_per_job))
  [ "$fit" -ge "$jobs" ] || jobs=$fit
fi

[ "$jobs" -ge 1 ] || jobs=1
echo "$jobs"
