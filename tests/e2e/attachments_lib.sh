# shellcheck shell=bash
# What tests of attachments share. Sourced after lib.sh.

# photo NAME BYTES: of so many bytes.
photo() { { printf '\xff\xd8\xff\xe0'; head -c $(($2 - 4)) /dev/urandom; } >"$1"; }

# pieces NODE: how many it has.
pieces() { find "$1/pieces" -type f 2>/dev/null | wc -l; }

# here NODE CASE: of each attachment how many of its pieces are there.
here() { yj "$1" '[.history[].body | select(.pieces) | "\(.here)/\(.pieces)"] | join(" ")' case show "$2"; }

same() { cmp "$1" "$2" || fail "$1 is not $2"; }
