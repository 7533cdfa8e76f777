#!/bin/bash
# bash completes every command, its options, their choices and files: what the program
# prints is sourced here and asked as bash asks it, with the line cut at = : and @.
. "$(dirname "$0")/../../harness/script.sh"
"$YIZHAN" completion >script
bash -n script || fail "bash does not read it"
is "as JSON" "$(cat script)" "$("$YIZHAN" --json completion | jq -r .script)"
# As bash-completion sources it, in a function.
load() { . ./script; }
load

# offers EXPECTED WORDS...: for the line "yizhan WORDS...", the cursor behind the last.
offers() {
  local expected=$1 word missing=
  shift
  COMP_WORDS=(yizhan "$@") COMP_CWORD=$#
  COMPREPLY=()
  _yizhan
  [ "${COMPREPLY[*]}" != "$expected" ] || return 0
  for word in $expected; do [[ " ${COMPREPLY[*]} " == *" $word "* ]] || missing=$word; done
  set -- "after 'yizhan $*'" $expected
  [[ -z $missing && ${#COMPREPLY[@]} == $(($# - 1)) ]] || fail "offered $1: expected '$expected', found '${COMPREPLY[*]}'"
}

# Every command of help, word by word, and every option of each.
"$YIZHAN" help | awk 'NF == 0 { part++ } part == 1 && NF' | sed -E 's/^  //; s/  +.*//; s/ [A-Z[].*//' >names
[ "$(wc -l <names)" -gt 40 ] || fail "help names few commands"
# What comes next where some of a command's words stand there.
declare -A next=([' ']='')
while read -r one two three; do
  [[ " ${next[' ']} " == *" $one "* ]] || next[' ']+=" $one"
  [[ -z $two || " ${next[$one]-} " == *" $two "* ]] || next[$one]="${next[$one]-} $two"
  [[ -z $three ]] || next["$one $two"]="${next["$one $two"]-} $three"
done <names
for words in "${!next[@]}"; do
  expected=${next[$words]# }
  [ "$words" != ' ' ] || expected+=' help'
  # Words are apart from each other.
  # shellcheck disable=SC2086
  offers "$expected" --dir somewhere $words ''
  # shellcheck disable=SC2086
  [ "$words" = ' ' ] || offers "${next[$words]# }" help $words ''
done
offers 'case completion' c
offers 'case' case
while read -r -a words; do
  options=$("$YIZHAN" help "${words[@]}" | sed -nE 's/^  (-[a-z], )?(--[a-z-]+) .*/\2/p')
  offers "${options//$'\n'/ }" "${words[@]}" NUMBER --
done <names

offers 'close contact' case c
offers 'grant list revoke' hub roster ''
offers 'roster' --dir node --json hub ro
offers 'roster' --dir = node hub ro
offers '' case show ''
offers '--reason' case close 12 --re
offers '--text --title --township-only' case open --t
offers '--text --title --township-only' case open --place 'the bridge' --t
offers 'satisfied' case followup 12 --result sat
offers 'satisfied' case followup 12 --result = sat
offers 'dissatisfied partly satisfied unreachable' case followup 12 --result =
offers 'en zh' --lang ''
offers 'csv' export --format c
offers '' case open --title ''
offers 'help holiday household hub' h

mkdir 'a folder'
touch notes.txt 'a folder/one' invitation
offers '@notes.txt' case open --text @ no
offers '@notes.txt' case open --text =@ no
offers '@notes.txt' case open --text @no
offers '@notes.txt' case open --text = @no
offers '' case open --text no
offers 'invitation' join inv
offers 'invitation' --dir = inv
offers 'notes.txt' hub invite --output no
offers 'notes.txt' hub invite -o no
offers 'a folder' --dir 'a f'
offers 'a folder/one' restore 'a folder/o'
echo "command lines are completed"
