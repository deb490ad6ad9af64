# Configures and builds one preset. Sourced by the scripts beside this folder.
# shellcheck shell=bash

# build PRESET TARGETS [CMAKE ARGUMENT…]: TARGETS is one word with blanks in it; quiet while it works, everything when it fails.
build() {
  local preset=$1 targets log
  read -ra targets <<<"$2"
  shift 2
  log=$(mktemp)
  say "building ($preset) …"
  if ! { cmake --preset "$preset" "$@" && cmake --build --preset "$preset" --target "${targets[@]}"; } \
    >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    say "building $preset failed; the reason stands above"
    exit 1
  fi
  rm -f "$log"
}
