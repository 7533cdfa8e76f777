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
  local expected=$1 found
  shift
  COMP_WORDS=(yizhan "$@") COMP_CWORD=$#
  COMPREPLY=()
  _yizhan
  found=$(printf '%s\n' "${COMPREPLY[@]}" | sort | xargs)
  is "offered after 'yizhan $*'" "$expected" "$found"
}
# offered WORD WORDS...: among others.
offered() {
  local word=$1
  shift
  COMP_WORDS=(yizhan "$@") COMP_CWORD=$#
  _yizhan
  [[ " ${COMPREPLY[*]} " == *" $word "* ]] || fail "'yizhan $*' does not offer $word but: ${COMPREPLY[*]}"
}

# Every command of help, word by word, and every option of each.
"$YIZHAN" help | awk 'NF == 0 { part++ } part == 1 && NF' | sed -E 's/^  //; s/  +.*//; s/ [A-Z[].*//' >names
[ "$(wc -l <names)" -gt 40 ] || fail "help names few commands"
while read -r -a words; do
  for ((n = 0; n < ${#words[@]}; n++)); do
    offered "${words[n]}" "${words[@]:0:n}" ''
    offered "${words[n]}" help "${words[@]:0:n}" "${words[n]:0:1}"
  done
  "$YIZHAN" help "${words[@]}" | sed -nE 's/^  (-[a-z], )?(--[a-z-]+) .*/\2/p' | while read -r option; do
    offered "$option" "${words[@]}" --
    offered "$option" --dir somewhere "${words[@]}" NUMBER "${option:0:4}"
  done || exit 1
done <names

offers 'case' ca
offers 'close contact' case c
offers 'grant list revoke' hub roster ''
offers 'roster' --dir node --json hub ro
offers 'roster' --dir = node hub ro
offers '' case show ''
offers '--reason' case close 12 --re
offers '--text --title' case open --t
offers '--text --title' case open --place 'the bridge' --t
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
