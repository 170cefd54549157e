# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Functions shared by installer/quickstart and tests/run. To be sourced by bash with `set -euo pipefail`.

lib_started=$SECONDS
lib_step="before the first step"

# step TITLE: a header with the time since the start; the title is named if the step fails.
step() {
  lib_step=$1
  printf '\n==> [%3d s] %s\n' $((SECONDS - lib_started)) "$1"
}

say() { printf '    %s\n' "$*"; }

die() {
  printf '\nerror: %s\n' "$*" >&2
  exit 1
}

# Says what was not done when a command fails: `trap 'failed $? "what to do"' ERR` after `set -E`.
failed() {
  printf '\nerror: not done: %s (exit code %s, after %s s)\n' "$lib_step" "$1" $((SECONDS - lib_started)) >&2
  [ -z "${2:-}" ] || printf '       %s\n' "$2" >&2
  exit "$1"
}

# As root, or through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# packages_of FILE SECTION...: the packages of these sections, one a line.
packages_of() {
  local file=$1 section="" package condition command wanted
  shift
  while read -r package condition command _; do
    case $package in
      "" | "#"*) continue ;;
      "["*"]") section=${package//[][]/} ; continue ;;
    esac
    for wanted in "$@"; do
      [ "$section" = "$wanted" ] || continue
      if [ "$condition" != unless ] || ! command -v "$command" >/dev/null; then
        printf '%s\n' "$package"
      fi
    done
  done <"$file"
}

# missing_packages PACKAGE...: those that aren't installed.
missing_packages() {
  local installed package
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^.i  *//p' || true)
  for package in "$@"; do
    grep -qxF -- "$package" <<<"$installed" || printf '%s\n' "$package"
  done
}

# install_packages FILE SECTION...: installs what is missing and nothing else.
install_packages() {
  local -a wanted missing
  command -v dpkg-query >/dev/null || die "this is not a Debian system. Install the packages of $1 with your own package manager."
  mapfile -t wanted < <(packages_of "$@")
  [ "${#wanted[@]}" -gt 0 ] || die "no packages in $1"
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  if [ "${#missing[@]}" -eq 0 ]; then
    say "all ${#wanted[@]} packages are installed"
    return
  fi
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null \
    || die "installing packages needs root or sudo. Missing: ${missing[*]}"
  say "installing ${#missing[@]} of ${#wanted[@]} packages: ${missing[*]}"
  # Lists of packages are fetched only when the ones here don't know what is missing, or know outdated files.
  if ! apt_install --simulate "${missing[@]}" >/dev/null 2>&1 || ! apt_install "${missing[@]}"; then
    say "fetching the lists of packages"
    as_root apt-get update -q
    apt_install "${missing[@]}"
  fi
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

# build_preset DIRECTORY PRESET: configures and builds; the output of configuring is shown only if it fails.
build_preset() {
  local log
  log=$(mktemp)
  if ! (cd -- "$1" && cmake --preset "$2") >"$log" 2>&1; then
    cat -- "$log" >&2
    rm -f -- "$log"
    return 1
  fi
  rm -f -- "$log"
  (cd -- "$1" && cmake --build --preset "$2")
}
