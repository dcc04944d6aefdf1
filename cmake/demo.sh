#!/bin/sh
# usage: sh cmake/demo.sh [FOLDER]
# Installs what is missing (Debian: apt, as root or through sudo), builds the program and runs
# `ombre demo`, which leaves a page, tables and figures in FOLDER (default: ombre-demo in the clone).
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
. "$root/cmake/common.sh"

case ${1:-} in
-h | --help)
  sed -n '2,4s/^# //p' "$0"
  exit 0
  ;;
-*) die "unknown option $1; usage: sh cmake/demo.sh [FOLDER]" ;;
esac
[ $# -le 1 ] || die "usage: sh cmake/demo.sh [FOLDER]"
folder=${1:-$root/ombre-demo}
case $folder in
/*) ;;
*) folder=$(pwd)/$folder ;;
esac

began=$(seconds)
say "ombre demo: installs what is missing of these Debian packages, builds, and writes to
  $folder
Packages: $packages_build"
# shellcheck disable=SC2086
ensure_packages $packages_build
need_room "$root" 300 "the build"

cd "$root"
configure release
cmake --build --preset release --target ombre_cli --parallel "$(parallel_jobs)" ||
  die "the program did not build; the compiler's words are above."

mkdir -p "$folder" || die "the folder $folder cannot be made; name another one: sh cmake/demo.sh FOLDER"
"$root/build/release/bin/ombre" demo -o "$folder" ||
  die "the demo did not run to its end; its words are above."

say ""
say "The demo's results, made in $(($(seconds) - began)) s, are in"
say "  $folder"
