# shellcheck shell=bash
# What tests share that look whether a word can still be opened. Sourced after lib.sh.
"$PYTHON" -c 'import nacl' 2>/dev/null || exit 77

hunt() { "$PYTHON" "$ROOM/hunt.py" "$@"; }

# gone WORD NODE...: no key that lies there opens it in any object, though something was looked at.
gone() {
  hunt "$@" >hunted || fail "$1 is left: $(cat hunted)"
  grep -qE '^[1-9][0-9]* files, [1-9][0-9]* keys, [1-9][0-9]* batches read' hunted || fail "hunted: $(cat hunted)"
}

# held WORD NODE...: it is there.
held() { ! hunt "$@" >hunted || fail "$1 is not at ${*:2}: $(cat hunted)"; }
