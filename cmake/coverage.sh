#!/bin/sh
# usage: sh cmake/coverage.sh     after `ctest --preset coverage`
# Prints which share of the lines of each library source the tests reached, lowest first.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/cmake/common.sh"
cd "$root"

objects=build/coverage/CMakeFiles/ombre.dir
[ -n "$(find "$objects" -name '*.gcda' 2>/dev/null | head -n 1)" ] ||
  die "nothing was measured yet: cmake --preset coverage && cmake --build --preset coverage && ctest --preset coverage"

find "$root/$objects" -name '*.gcda' | tr '\n' '\0' | xargs -0 gcov -n -r -s "$root" 2>/dev/null |
  awk '
    /^File / { file = $2; gsub(/\047/, "", file) }
    /^Lines executed:/ && file ~ /^src\/.*[.]cpp$/ {
      split($0, part, /[:% ]+/)   # Lines executed 93.33 of 15
      lines = part[length(part)]
      printf "%6.1f %% of %5d  %s\n", part[3], lines, file
      file = ""
    }' | sort -n |
  awk '{ print; all += $4; reached += $4 * $1 / 100 }
       END { printf "%6.1f %% of %5d  the library\n", 100 * reached / all, all }'
