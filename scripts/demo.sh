#!/bin/sh
# Shows what mxsmith does, on a zone file in a temporary folder: check, plan, apply, an empty plan, history, rollback, and the
# hold that keeps a rolled back change from coming back by itself. Every claim is checked; the demo fails when one is not so.
#
#   scripts/demo.sh PATH_OF_MXSMITH
set -eu

program=${1:?usage: demo.sh PATH_OF_MXSMITH}
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")
example=$(cd "$(dirname "$0")/.." && pwd)/examples/go-live
domain=example.com

work=$(mktemp -d "${TMPDIR:-/tmp}/mxsmith-demo.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

say() { printf '\n%s\n' "$*"; }
fail() {
  printf '\nThe demo failed: %s\n' "$*" >&2
  exit 1
}

# Prints a command line as it would be typed, and runs it; the exit status must be the first argument.
run() {
  expected=$1
  shift
  printf '\n$ %s\n' "$*"
  name=$1
  shift
  [ "$name" != mxsmith ] || name=$program
  status=0
  "$name" "$@" || status=$?
  [ "$status" -eq "$expected" ] || fail "exit status $status instead of $expected"
}

# The serial of a zone file: the first number after SOA and its two names.
serial_of() {
  sed 's/;.*//' "$1" | tr '()' '  ' | awk '
    { for (i = 1; i <= NF; i++) { if (toupper($i) == "SOA") soa = 1; else if (soa && $i ~ /^[0-9]+$/) { print $i; exit } } }'
}

# The zone file without its serial, the one thing that only ever goes up.
masked() { sed "s/\\b$(serial_of "$1")\\b/SERIAL/" "$1"; }

cp -R "$example/." "$work"
cd "$work"
spec=$domain.toml
zone=$domain.zone
cp "$zone" before.zone

say "A company moves its mail to a new service. Its DNS is a zone file, as a name server reads it.
Everything here happens on a copy in $work, which is removed at the end."

say "1. The zone as it is: three old MX, an SPF record beside two tokens, and records that have nothing to do with mail."
run 0 cat "$zone"

say "2. The spec says what the mail records should be. Nothing else is mxsmith's business."
run 0 cat "$spec"
run 0 mxsmith check "$spec"

say "3. The plan: what would change, and what that means. Nothing is written yet."
run 0 mxsmith plan "$spec"
cmp -s "$zone" before.zone || fail "the plan changed the zone file"

say "4. Apply does what the plan says, and nothing else."
run 0 mxsmith apply "$spec" --yes --quiet
say "What that did to the file:"
run 1 diff -u before.zone "$zone"

say "5. A second plan finds nothing to do."
run 0 mxsmith plan "$spec" --detailed-exitcode

say "6. History remembers who did what, and what was there before."
run 0 mxsmith history "$domain"

say "7. The way back."
run 0 mxsmith rollback "$domain" --yes
masked before.zone >before.masked
masked "$zone" >after.masked
grep -q SERIAL before.masked || fail "no serial found in the zone file"
cmp before.masked after.masked || fail "the zone file is not what it was"
cmp -s before.zone "$zone" && fail "the serial did not go up"
say "The file is what it was at the start, byte for byte, but for the serial:"
run 1 diff before.zone "$zone"

say "8. The next timer or pipeline would apply the same spec again. It is refused until somebody means it:"
cp "$zone" rolled-back.zone
run 3 mxsmith apply "$spec" --yes --quiet
cmp -s "$zone" rolled-back.zone || fail "the refused apply changed the zone file"

say "That was mxsmith. 'build/release/mxsmith' is the program; README.md says how to begin with a zone of your own."
