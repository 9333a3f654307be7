#!/bin/sh
# Makes sure that the packages of one or more sets are there, and installs by apt those that are not.
#
#   scripts/install-packages.sh SET...        SET is build, test, live, clang, bench or lint
#
# Root installs; a user with sudo is asked by sudo; anybody else gets the one line to run. Where everything is there, it
# says nothing and changes nothing.
set -eu

# One row per set; the libraries are those of cmake/libraries.cmake.
packages_of() {
  case "$1" in
    build) echo "g++ cmake ninja-build pkg-config libssl-dev nlohmann-json3-dev libtomlplusplus-dev libcli11-dev" \
                "libldns-dev libidn2-dev libcurl4-openssl-dev zlib1g-dev libpugixml-dev" ;;
    test) echo "catch2 librapidcheck-dev python3 python3-jsonschema python3-yaml git ccache util-linux bash zsh fish openssl" \
               "pdns-server pdns-backend-sqlite3 sqlite3 bind9 knot" ;;
    live) echo "iproute2 bind9 spfquery spf-tools-perl spf-tools-python opendkim-tools opendmarc openssl python3 python3-yaml" ;;
    clang) echo "clang $(clang_runtime)" ;;
    bench) echo "libbenchmark-dev python3 curl time pdns-server pdns-backend-sqlite3 sqlite3" ;;
    lint) echo "clang-format clang-tidy git" ;;
    *) echo "install-packages.sh: there is no set of packages called '$1': build, test, live, clang, bench, lint" >&2; exit 64 ;;
  esac
}

# Sanitizers and libFuzzer come in a package that is named after the version of clang.
clang_runtime() {
  version=$(apt-cache depends clang 2>/dev/null | sed -n 's/^ *Depends: clang-\([0-9][0-9]*\)$/\1/p' | head -n 1)
  echo "libclang-rt-${version:-14}-dev"
}

# What stands in "Installing 4 packages that ... needs".
purpose_of() {
  case "$*" in
    *live*) echo "the comparisons with other programs need" ;;
    *clang*) echo "fuzzing and the sanitizers need" ;;
    *bench*) echo "the benchmarks need" ;;
    *lint*) echo "the checks of style need" ;;
    *test*) echo "the tests need" ;;
    *) echo "the build needs" ;;
  esac
}

installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Other systems name their packages otherwise: say what is needed, go on if the tools are there, let CMake look for the
# libraries.
on_another_system() {
  lacking=
  for tool in cmake ninja pkg-config c++; do
    command -v "$tool" >/dev/null 2>&1 || lacking="$lacking $tool"
  done
  [ -n "$lacking" ] || return 0
  cat >&2 <<END
This is neither Debian nor Ubuntu, so nothing is installed for you. Missing:$lacking
mxsmith needs a C++20 compiler (g++ 12 or newer), CMake 3.25 or newer, Ninja, pkg-config, and the development files of
OpenSSL 3, nlohmann_json, toml++, CLI11, ldns, libidn2, libcurl, zlib and pugixml; its tests Catch2, rapidcheck, git, zsh, fish, openssl, sqlite3, Python 3 with jsonschema and yaml
and the PowerDNS Authoritative Server with its SQLite backend, BIND 9 and Knot DNS;
its benchmarks Google Benchmark, curl and GNU time. Install them and run make again.
END
  return 1
}

# A server that the tests start by themselves must not run as a service of this machine as well: while packages are
# installed, policy-rc.d (the place Debian has for this) says that nothing is started. Somebody else's policy stays.
policy=/usr/sbin/policy-rc.d
forbid_services() {
  [ ! -e "$policy" ] || return 0
  as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy" || return 0
  trap 'as_root rm -f "$policy"' EXIT
}

# Runs apt-get with the rights it needs.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  fi
}

may_be_root() {
  [ "$(id -u)" -eq 0 ] && return 0
  command -v sudo >/dev/null 2>&1 || return 1
  # Without a terminal sudo must not need a password.
  sudo -n true 2>/dev/null || [ -t 2 ]
}

# Quiet while all is well, everything apt said when it is not.
run_quietly() {
  log=$(mktemp)
  if as_root "$@" >"$log" 2>&1 </dev/null; then
    rm -f "$log"
    return 0
  fi
  cat "$log" >&2
  rm -f "$log"
  return 1
}

by_hand() {
  echo "Run this as root, then make again:" >&2
  echo "  apt-get update && apt-get install --yes --no-install-recommends$1" >&2
  exit 1
}

[ $# -gt 0 ] || { echo "usage: install-packages.sh SET..." >&2; exit 64; }
wanted=
for set_name in "$@"; do
  wanted="$wanted $(packages_of "$set_name")"
done

if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
  on_another_system
  exit $?
fi

missing=
count=0
for package in $wanted; do
  case " $missing " in *" $package "*) continue ;; esac
  if ! installed "$package"; then
    missing="$missing $package"
    count=$((count + 1))
  fi
done
[ "$count" -gt 0 ] || exit 0

noun=packages
[ "$count" -ne 1 ] || noun=package
if ! may_be_root; then
  echo "$count $noun that $(purpose_of "$@") are missing, and installing them takes root or sudo." >&2
  by_hand "$missing"
fi

echo "Installing $count $noun that $(purpose_of "$@"):$missing"
started=$(date +%s)
if ! run_quietly apt-get update; then
  # A mirror that does not answer need not matter: what is cached may do.
  echo "apt-get update failed (above); trying with the package lists that are there" >&2
fi
forbid_services
# shellcheck disable=SC2086 # a list of names
if ! run_quietly apt-get install --yes --no-install-recommends $missing; then
  echo "apt-get could not install them (its words are above)." >&2
  by_hand "$missing"
fi
echo "Installed in $(($(date +%s) - started)) s."
