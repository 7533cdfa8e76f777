#!/bin/bash
# A process that is ended by a fault says in plain words what to do, in either language, and ends of it
# all the same; what was said to be saved is there.
. "$(dirname "$0")/../../harness/script.sh"

y v init --village 示例村 --code SL --worker 示例干部 >said
number=$(yj v .case case open --title 先前的事)
mkfifo words

# broken SIGNAL STATUS LANGUAGE SENTENCE: it waits for words, and is met by that.
broken() {
  local process status=0
  "$YIZHAN" --dir v --lang "$3" case open --title 没说完 --text - <words >out 2>said &
  process=$!
  exec 7>words
  # Until it minds the signal: bit 10 of those that it catches is SIGSEGV's.
  until caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$process/status") && ((0x${caught:-0} & 0x400)); do
    ! grep -q '^State:.*Z' "/proc/$process/status" || fail "it ended by itself: $(cat said)"
  done
  kill "-$1" "$process"
  wait "$process" 2>waited || status=$?
  exec 7>&-
  ! grep -q AddressSanitizer said || { echo "a sanitizer minds it"; exit 77; }
  is "status of $1" "$2" "$status"
  grep -q "$4" said || fail "$1, in $3: $(cat said)"
  is "lines said" 1 "$(wc -l <said)"
}
broken SEGV 139 en 'The program broke off: .*What it said was saved is there'
broken ABRT 134 zh '程序中断了'
broken BUS 135 en 'broke off'
is "what was saved" "$number" "$(yj v 'map(.case) | join(" ")' case list)"
[ "$(yj v .ok verify)" = true ] || fail "verify: $(y v verify)"
