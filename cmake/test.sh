#!/bin/sh
# usage: sh cmake/test.sh [arguments for ctest, such as -R timeline]
# Installs what is missing (Debian: apt, as root or through sudo), builds and runs all tests.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/cmake/common.sh"

case ${1:-} in
-h | --help)
  sed -n '2,3s/^# //p' "$0"
  exit 0
  ;;
esac

began=$(seconds)
say "ombre tests: installs what is missing of these Debian packages, builds, and runs all tests.
Packages: $packages_test"
# shellcheck disable=SC2086
ensure_packages $packages_test
need_room "$root" 1500 "the build with its tests"

cd "$root"
configure dev
cmake --build --preset dev --parallel "$(parallel_jobs)" ||
  die "the build failed; the compiler's words are above."
built=$(seconds)

status=0
ctest --preset dev --parallel "$(parallel_jobs)" "$@" || status=$?
say ""
say "Built in $((built - began)) s, tested in $(($(seconds) - built)) s; the build is in $root/build/dev"
exit $status
