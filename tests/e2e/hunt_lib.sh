# shellcheck shell=bash
# What tests share that look whether a word can still be opened. Sourced after lib.sh.
"$PYTHON" -c 'import nacl' 2>/dev/null || exit 77

hunt() { "$PYTHON" "$ROOM/hunt.py" "$@"; }

# nowhere WORDS NODE...: no key that lies there opens one of them in any object, and no file has one.
nowhere() { hunt "$@" >hunted || fail "it is left: $(cat hunted)"; }

# gone WORDS NODE...: the same where they have been in git; something was looked at.
gone() {
  nowhere "$@"
  grep -qE '^[1-9][0-9]* files, [1-9][0-9]* keys, [1-9][0-9]* batches read' hunted || fail "hunted: $(cat hunted)"
}

# held WORD NODE...: it is there.
held() { ! hunt "$@" >hunted || fail "$1 is not at ${*:2}: $(cat hunted)"; }
