#!/bin/sh
# Formats all C++ files of the repository by .clang-format, or with --check says which are not.
set -eu
cd "$(dirname "$0")/.."

files() {
  # A file that is new counts as well; one that is deleted but not yet committed does not.
  git ls-files --cached --others --exclude-standard -- '*.cpp' '*.hpp' | sort -u | while read -r file; do
    [ ! -f "$file" ] || echo "$file"
  done
}

count=$(files | wc -l)
if [ "${1:-}" = --check ]; then
  if files | xargs clang-format --dry-run -Werror; then
    echo "format: $count files are as .clang-format wants them"
  else
    echo "format: the lines above are not as .clang-format wants them; 'make format' mends that" >&2
    exit 1
  fi
else
  files | xargs clang-format -i
  echo "format: $count files"
fi
