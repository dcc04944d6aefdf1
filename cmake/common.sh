# Shared by cmake/demo.sh, cmake/test.sh, the checks beside them and .ci/run. POSIX sh; read with
# `.`, after setting `root` to the project's folder.

# shellcheck shell=sh disable=SC2034,SC2154

# ---- what is needed, by Debian's names; the one list ---------------------------------------------
packages_build="g++ cmake ninja-build libboost-dev libeigen3-dev nlohmann-json3-dev"
packages_build="$packages_build libcli11-dev zlib1g-dev"
packages_test="$packages_build libgtest-dev libtbb-dev pkg-config ccache"
packages_check="clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev git"

say() { printf '%s\n' "$*"; }
die() {
  printf '\nombre: %s\n' "$*" >&2
  exit 1
}

# Runs a command as root: directly, or through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo -- "$@"
  fi
}

missing_packages() {
  for package in "$@"; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || status=""
    [ "$status" = installed ] || printf '%s ' "$package"
  done
}

# Room on the disk that holds a folder, in MB.
room_mb() { df -Pk -- "$1" 2>/dev/null | awk 'NR == 2 { print int($4 / 1024) }'; }

need_room() { # folder, MB, what for
  room=$(room_mb "$1")
  if [ -n "$room" ] && [ "$room" -lt "$2" ]; then
    die "the disk that holds $1 has $room MB left, and $3 takes about $2 MB. Make room and run this again."
  fi
}

# Installs what is missing of the packages named, or ends with a sentence that helps.
# OMBRE_SKIP_INSTALL=1 leaves the system as it is and goes on with what is there.
ensure_packages() {
  if [ "${OMBRE_SKIP_INSTALL:-}" = 1 ]; then
    say "OMBRE_SKIP_INSTALL=1: nothing is installed; going on with what is there."
    return 0
  fi
  if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then
    die "this system has no apt, so nothing is installed. What is needed, by the names Debian gives it:
  $*
Install the like (a C++20 compiler: g++ 12 or clang 14 or newer; CMake 3.25 or newer) and then run
  OMBRE_SKIP_INSTALL=1 sh '$0'"
  fi
  # shellcheck disable=SC2086
  missing=$(missing_packages "$@")
  missing=${missing% }
  [ -n "$missing" ] || return 0

  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 ||
      die "these packages are missing, and installing them takes root or sudo, of which there is neither:
  $missing
As root: apt-get update && apt-get install --no-install-recommends $missing"
    if ! sudo -n true 2>/dev/null && ! [ -t 0 ]; then
      die "these packages are missing, and sudo asks for a password where nobody can type one:
  $missing
Install them first: sudo apt-get install --no-install-recommends $missing"
    fi
  fi
  need_room / 1000 "installing the packages"

  say "Installing with apt, because they are missing: $missing"
  log=$(mktemp) || die "no temporary file can be made (is ${TMPDIR:-/tmp} writable?)"
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update \
    -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 \
    -o DPkg::Lock::Timeout=120 </dev/null >"$log" 2>&1; then
    update_failed=1
  else
    update_failed=0
  fi
  # shellcheck disable=SC2086
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
    -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 \
    -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 $missing </dev/null >>"$log" 2>&1; then
    grep -E '^W:' "$log" | head -n 3 >&2 || true
    grep -E '^E:' "$log" | head -n 3 >&2 || true
    if [ "$update_failed" = 1 ] || grep -qE 'Unable to (fetch|locate)|Could not (resolve|connect)|Temporary failure|Failed to fetch' "$log"; then
      die "apt could not fetch the packages: $missing
Is there a network, and does /etc/apt name a server that can be reached (a proxy, perhaps)?
All that apt said is in $log"
    fi
    die "apt could not install: $missing
All that it said is in $log"
  fi
  rm -f "$log"
}

# How many compilers at once: one per processor, and no more than the memory bears (1 GB each).
parallel_jobs() {
  processors=$(nproc 2>/dev/null || echo 1)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null)
  [ -n "$memory" ] || memory=$processors
  [ "$memory" -ge 1 ] || memory=1
  if [ "$memory" -lt "$processors" ]; then echo "$memory"; else echo "$processors"; fi
}

# Configures a preset; a build folder left by a moved clone or another compiler is begun anew.
configure() { # preset, further arguments
  preset=$1
  shift
  [ -w "$root" ] || die "$root cannot be written to, and the build needs the folder build/ in it. Clone to a place of your own."
  mkdir -p "$root/build" || die "the folder $root/build cannot be made."
  log="$root/build/$preset.configure.log"
  if ! cmake --preset "$preset" "$@" >"$log" 2>&1 &&
    ! cmake --fresh --preset "$preset" "$@" >"$log" 2>&1; then
    cat "$log" >&2
    die "the build could not be configured; what CMake said is above and in $log"
  fi
}

seconds() { date +%s; }
