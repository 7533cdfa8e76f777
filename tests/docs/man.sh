#!/bin/bash
# Both manual pages name every command with its arguments, under it every option, and
# the options of every command; and nothing beside.
. "$(dirname "$0")/../harness/script.sh"
man=${YIZHAN_SOURCE_DIR:?}/man

# What help says: commands from the first table, options from the others.
commands() { "$YIZHAN" help | awk 'NF == 0 { part++ } part == 1 && NF' | sed -E 's/^  //; s/  +.*//'; }
command_words() { sed -E 's/ [A-Z[].*//' <<<"$1"; }
options() { sed -nE 's/^  ((-[a-z], )?--[a-z-]+( [^ ]+)?)  .*/\1/p'; }
own_options() { # COMMAND
  # Its words stand apart.
  # shellcheck disable=SC2046
  "$YIZHAN" help $(command_words "$1") | sed '/^Options of every command:/,$d' | options
}

# section PAGE NAME: what stands below a heading, as it reads.
section() {
  sed -E 's/\\-/-/g; s/\\&//g; s/\\\(ga/`/g' "$1" | awk -v name="$2" '
    /^\.S[HS] / { heading = $0; sub(/^\.S[HS] "?/, "", heading); sub(/"$/, "", heading); inside = heading == name; next }
    inside'
}
named_options() { sed -nE 's/^\.B ((-[a-z], )?--.*)/\1/p'; }

check() { # PAGE GLOBAL-HEADING
  local command
  is "options of every command in $1" "$("$YIZHAN" help | sed '1,/^Options of every command:/d' | options)" \
    "$(section "$1" "$2" | named_options)"
  commands | while read -r command; do
    [ -n "$(section "$1" "$command")" ] || fail "$1 does not name the command $command"
    is "options of $command in $1" "$(own_options "$command")" "$(section "$1" "$command" | named_options)"
  done
  is "commands in $1" "$(commands)" "$(sed -nE 's/\\-/-/g; s/^\.SS "(.*)"$/\1/p' "$1")"
}

[ "$(commands | wc -l)" -gt 30 ] || fail "help names few commands"
check "$man/yizhan.1" 'OPTIONS OF EVERY COMMAND'
check "$man/zh_CN/yizhan.1" 各命令通用的选项

# Every error code that the library has.
for code in $(sed -n '/^const char \*yz_code_name/,/^}/p' "$YIZHAN_SOURCE_DIR/sync/error.c" | grep -oE '"[a-z-]+"' | tr -d '"'); do
  case $code in ok | unknown) continue ;; esac
  for page in "$man/yizhan.1" "$man/zh_CN/yizhan.1"; do
    sed 's/\\-/-/g' "$page" | grep -x "\.B $code" >/dev/null || fail "$page does not name the error code $code"
  done
done
echo "the manual pages name everything"
