#!/bin/sh
# usage: sh cmake/check_tidy.sh [BASE | --all]
# Runs clang-tidy (14, see .clang-tidy) on the library, program and examples that changed
# since BASE, a commit or branch. Without BASE: since this branch left the main branch; on the main
# branch itself, since the last commit that is a day older than the newest; else on everything.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/cmake/common.sh"
cd "$root"

tool=$(command -v clang-tidy-14 || command -v clang-tidy) ||
  die "clang-tidy is missing (Debian: clang-tidy-14)."
compiler=$(command -v clang++-14 || command -v clang++) || die "clang++ is missing (Debian: clang-14)."

everything() { find src examples -type f -name '*.cpp' 2>/dev/null | sort; }

# The commit to compare with, or nothing.
find_base() {
  git rev-parse --verify -q HEAD >/dev/null 2>&1 || return 0
  head=$(git rev-parse HEAD)
  for main in origin/HEAD origin/main main; do
    git rev-parse --verify -q "$main" >/dev/null || continue
    base=$(git merge-base "$main" HEAD 2>/dev/null) || continue
    if [ "$base" != "$head" ]; then
      echo "$base"
      return 0
    fi
  done
  newest=$(git log -1 --format=%ct)
  git log -1 --format=%H --before="$((newest - 86400))"
}

if [ "${1:-}" = --all ]; then
  base=""
elif [ $# -ge 1 ]; then
  base=$(git rev-parse --verify -q "$1^{commit}") || die "git knows no commit called $1."
else
  base=$(find_base)
fi

if [ -z "$base" ]; then
  files=$(everything)
  what="all"
else
  # Changed sources; and for a changed header the sources that include it by that name.
  changed=$(git diff --name-only --diff-filter=d "$base" -- include src examples)
  files=$(
    for path in $changed; do
      case $path in
      *.cpp) echo "$path" ;;
      *.hpp)
        name=${path#include/}
        everything | tr '\n' '\0' | xargs -0 grep -lE "#include [<\"](.*/)?$(basename "$name")[>\"]" || true
        ;;
      esac
    done | sort -u
  )
  what="changed since $(git rev-parse --short "$base")"
fi
count=$(printf '%s' "$files" | grep -c . || true)
if [ "$count" -eq 0 ]; then
  say "clang-tidy: nothing changed since $(git rev-parse --short "$base")"
  exit 0
fi

# A build folder of its own, for its compile commands only: clang's flags, no precompiled headers.
log="$root/build/tidy.configure.log"
mkdir -p "$root/build"
cmake -S . -B build/tidy -G Ninja -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DOMBRE_BUILD_TESTS=OFF >"$log" 2>&1 || {
  cat "$log" >&2
  die "the build could not be configured for clang-tidy."
}

# Files that this build does not compile (a benchmark without its library) have no flags to judge by.
known=$(for file in $files; do
  if grep -q "\"file\": \"$root/$file\"" build/tidy/compile_commands.json; then echo "$file"; fi
done)
count=$(printf '%s\n' "$known" | grep -c . || true)
say "clang-tidy: $count files ($what)"
[ "$count" -gt 0 ] || exit 0
# shellcheck disable=SC2016
if ! printf '%s\n' "$known" | tr '\n' '\0' |
  xargs -0 -P "$(parallel_jobs)" -n 1 sh -c '"$0" -p build/tidy --quiet "$1" 2>/dev/null || { echo "in $1"; exit 1; }' "$tool"; then
  die "clang-tidy found what is above; .clang-tidy says what is off and why."
fi
say "clang-tidy: nothing found"
