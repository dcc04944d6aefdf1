#!/bin/sh
# usage: sh cmake/check_format.sh [--fix]
# Holds every C++ file of the project against .clang-format (clang-format 14); --fix rewrites them.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/cmake/common.sh"
cd "$root"

tool=$(command -v clang-format-14 || command -v clang-format) ||
  die "clang-format is missing (Debian: clang-format-14)."

files() {
  find include src tests benchmarks examples -type f \( -name '*.hpp' -o -name '*.cpp' -o -name '*.h' \) 2>/dev/null
}

if [ "${1:-}" = --fix ]; then
  files | tr '\n' '\0' | xargs -0 "$tool" -i
  exit 0
fi
[ $# -eq 0 ] || die "usage: sh cmake/check_format.sh [--fix]"
if ! files | tr '\n' '\0' | xargs -0 -P "$(parallel_jobs)" -n 16 "$tool" --dry-run -Werror; then
  die "these files are not formatted as .clang-format says. To format them: sh cmake/check_format.sh --fix"
fi
say "format: all $(files | wc -l) files are as .clang-format says"
