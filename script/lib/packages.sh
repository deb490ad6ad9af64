# Installs Debian packages that are missing. Sourced by the scripts beside this folder.
# shellcheck shell=bash

# What compiling needs; README names it too.
BUILD_PACKAGES=(
  ca-certificates cmake g++ git ninja-build pkg-config
  libcivetweb-dev libcli11-dev libcurl4-openssl-dev libre2-dev libsimdjson-dev libspdlog-dev
  libsqlite3-dev
  libtomlplusplus-dev nlohmann-json3-dev prometheus-cpp-dev tzdata zlib1g-dev
)
# What testing needs on top.
TEST_PACKAGES=(
  apache2-bin caddy chromium docker-compose haproxy libgmock-dev libgtest-dev lighttpd
  logrotate nginx openssl prometheus prometheus-alertmanager python3 python3-aiosmtpd
  python3-prometheus-client python3-pytest python3-yaml rsyslog
)
# What sanitizers, clang-tidy and the fuzzers need on top.
CHECK_PACKAGES=(clang clang-tidy libclang-rt-dev)

say() { printf '%s\n' "$*" >&2; }

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    say "this needs root to install packages; run it as root, or install sudo, or install by hand:"
    say "  $*"
    exit 2
  fi
}

# Debian starts a daemon as soon as its package is installed. Ours are started by the tests, on ports
# of their own; a policy-rc.d that says no is how Debian is told so. An existing one is left alone.
install_quietly() {
  local policy=/usr/sbin/policy-rc.d made=no result=0
  if [ ! -e "$policy" ]; then
    made=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >&2 ||
    result=$?
  if [ "$made" = yes ]; then as_root rm -f "$policy"; fi
  return "$result"
}

# need PACKAGE…: installs what is missing, and asks for nothing if nothing is.
need() {
  local missing=() package
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then return 0; fi
  if ! command -v apt-get >/dev/null; then
    say "this is not a Debian machine; please install the equivalents of: ${missing[*]}"
    exit 2
  fi
  say "installing: ${missing[*]}"
  as_root apt-get update -q >&2
  install_quietly "${missing[@]}"
}
