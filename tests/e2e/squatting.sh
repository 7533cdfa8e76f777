#!/bin/bash
# Whoever joins with another village's old log named as its own keeps that village's
# cases from nobody: the log is admitted where its own node is.
. "$(dirname "$0")/lib.sh"
"$PYTHON" -c 'import nacl' 2>/dev/null || exit 77

y hub hub init --township 青山镇 --code QSZ >/dev/null
y hub hub invite --village 村2 --code V2 -o v2.json >/dev/null
y v1 init --village 独村 --code DC --worker 老田 >/dev/null
opens v1 在先的事 >/dev/null
y hub hub invite --village 独村 --code DC -o dc.json >/dev/null
y v1 join dc.json >/dev/null
y v1 sync >/dev/null
old=$(sqlite3 v1/yizhan.db "SELECT lower(hex(id)) FROM log WHERE old=1")
place=$(sqlite3 -separator ' ' v1/yizhan.db "SELECT head_seq, lower(hex(head_id)) FROM log WHERE old=1")
# shellcheck disable=SC2086
"$PYTHON" "$ROOM/squat.py" v2.json hub/ledgers/V2.git "$HERE/hub/ledgers/DC.git" "$old" $place
visit v1
visit v1
is "villages that joined" 2 "$(yj hub 'map(select(.joined)) | length' hub villages)"
is "old cases at the hub" 1 "$(yj hub length case list --limit 0)"
well v1 DC
clean hub v1
echo "nobody squats in another's old log"
