#!/bin/bash
# Who may sign changes, and the process dies, at whatever call, before all that it concerns is judged
# anew: the next contact does so. A village that hears of a revocation; a hub that grants.
. "$(dirname "$0")/lib.sh"
. "$ROOM/kill.sh"

kept() { rm -rf kept && mkdir kept && cp -a hub v1 kept/; }
back() { rm -rf hub v1 && cp -a kept/hub kept/v1 .; }

# everywhere CHECK COMMAND...: dies at each call that puts something on disk, then CHECK.
everywhere() {
  local check=$1 calls at
  shift
  is "$* without harm" 0 "$(killed 0 "$@")"
  calls=$(stat -c %s count)
  for at in $(seq 1 2 "$calls"); do
    back
    is "$* killed at $at" 137 "$(killed "$at" "$@")"
    "$@" >again 2>&1 || fail "'$*' after it was killed at $at of $calls: $(cat again)"
    "$check" "'$*' killed at $at of $calls"
  done
  echo "$*: $calls moments"
}

effect() { yj "$1" "[.history[] | select(.body.text == \"$2\") | .effect] | join(\" \")" case show "$number"; }

township 1
visit v1
y v1 worker add 甲 >said
y v1 --as 干部1 worker add 乙 >said
number=$(YIZHAN_WORKER=干部1 opens v1 路灯)
visit v1
y hub hub roster grant 村1 甲 >said
visit v1
y v1 --as 甲 case note "$number" --text 甲所记 >said
y v1 --as 乙 case note "$number" --text 乙所记 >said

# 甲 is revoked before the hub has heard of the note.
y hub hub roster revoke 村1 甲 >said
y hub hub ingest >said
revoked() {
  is "the note after $1" "" "$(effect v1 甲所记 | sed 's/refused//')"
  is "verify after $1" true "$(yj v1 .ok verify)"
}
kept
everywhere revoked "$YIZHAN" --dir v1 sync

# 乙 is granted, of whom the hub has a note that waits.
visit v1
granted() {
  y hub hub ingest >said
  is "the note after $1" applied "$(effect hub 乙所记)"
  is "verify after $1" true "$(yj hub .ok verify)"
}
kept
everywhere granted "$YIZHAN" --dir hub hub roster grant 村1 乙
