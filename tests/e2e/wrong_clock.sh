#!/bin/bash
# A hub whose clock ran years ahead: what it settles once the clock is right is its last word, at the
# hub and at the village, and in force; what was settled before keeps its time. With a clock that
# lost its time it settles nothing over what there is. What a hub's successor says comes after it, too.
. "$(dirname "$0")/lib.sh"
. "$ROOM/clock_lib.sh"

at_hub() { then_only "$1" hub "${@:2}"; } # TIME COMMAND...
due() { yj "$1" .due case show "$2"; }
opened() { yj v1 .case case open --title 事; }
# same CASE DUE: it is due then, at the village and at the hub.
same() { is "due of $1" "$2 $2" "$(due v1 "$1") $(due hub "$1")"; }

now '2026-03-02 09:00'
township 1
y hub settings set --accept 2 --office 民政办 >said
visit v1
before=$(opened)
visit v1
same "$before" 2026-03-05T00:00:00+08:00

at_hub '2031-07-01 09:00' settings set --accept 9
at_hub '2031-07-01 09:00' holiday add 2026-03-10 --off
at_hub '2031-07-01 09:00' hub invite --village 村2 --code V2 -o v2.json
at_hub '2031-07-02 09:00' hub ingest
now '2026-03-03 09:00'
y v2 join v2.json --worker 干部2 >said
y v1 sync >said
meanwhile=$(opened)
y v1 sync >said
at_hub '2031-07-02 09:00' hub ingest
is "said" 9 "$(yj v1 .accept settings show)"
same "$meanwhile" 2026-03-06T00:00:00+08:00
same "$before" 2026-03-05T00:00:00+08:00

# Its clock is right again: what it had settled is in force from now on.
now '2026-03-05 09:00'
visit v1
again=$(opened)
visit v1
same "$again" 2026-03-20T00:00:00+08:00
same "$meanwhile" 2026-03-06T00:00:00+08:00
is "said once more, and no more" 3 "$(y v1 log | grep -c '"hub.settings"')"
visit v1
is "no more" 3 "$(y v1 log | grep -c '"hub.settings"')"

# And what it settles now is the last word.
now '2026-03-05 10:00'
y hub settings set --accept 4 --office 城建办 >said
y hub holiday add 2026-03-10 --work >said
visit v1
last=$(opened)
visit v1
for node in v1 hub; do
  is "settled at $node" '4 ["民政办","城建办"]' "$(yj $node '"\(.accept) \(.offices | tojson)"' settings show)"
  is "worked at $node" '[{"date":"2026-03-10","off":false}]' "$(yj $node tojson holiday list)"
done
same "$last" 2026-03-12T00:00:00+08:00
same "$again" 2026-03-19T00:00:00+08:00
same "$meanwhile" 2026-03-06T00:00:00+08:00
same "$before" 2026-03-05T00:00:00+08:00
visit v2
is "in a ledger begun while it was ahead" "4 [\"民政办\",\"城建办\"]" "$(yj v2 '"\(.accept) \(.offices | tojson)"' settings show)"

# A clock that begins anew: it would be in force for all that ever was.
now '2006-01-01 00:00'
exits 1 y hub settings set --accept 7
grep -q clock said || fail "$(cat said)"
y hub hub ingest >said
now '2026-03-06 09:00'
is "as it was" 4 "$(yj hub .accept settings show)"
visit v1 v2
same "$before" 2026-03-05T00:00:00+08:00

# Restored from a backup it goes on in logs of its own, which begin before the others do.
y hub backup hub.bak >said
rm -rf hub
y hub restore hub.bak >said
y hub settings set --accept 8 >said
visit v1 v2
is "after it was restored" "8 8 8" "$(for node in hub v1 v2; do yj $node .accept settings show; done | xargs)"
LD_PRELOAD=$HERE/clock.so "$PYTHON" "$ROOM/../judge/judge.py" "$YIZHAN" hub v1 v2 >verdict 2>&1 || fail "the judge: $(cat verdict)"
for node in v1 hub; do
  y $node rebuild --from ledger >said
done
same "$last" 2026-03-12T00:00:00+08:00
same "$before" 2026-03-05T00:00:00+08:00
clean hub v1 v2

# A hub that began while its clock was ahead, and its successor: whoever goes on comes later.
now '2031-03-01 09:00'
y old --json hub init --township 白山镇 --code BSZ --worker 书记 >made
jq -r .recovery_key made >paper
git init -q --bare V3.git
y old hub invite --village 村3 --code V3 --ledger V3.git -o v3.json >said
now '2026-03-09 09:00'
y v3 join v3.json --worker 干部3 >said
contact() { # HUB
  y v3 sync >said
  y "$1" hub ingest >said
  y v3 sync >said
}
contact old
y old settings set --accept 3 >said
y old hub village rename V3 --name 上村 --code SC >said
contact old
y heir hub recover V3.git --township 白山镇 --code BSZ --worker 镇长 --recovery-key-file paper >said
now '2026-03-09 10:00'
contact heir
contact heir
is "what was settled holds" 3 "$(yj heir .accept settings show)"
y heir settings set --accept 6 >said
y heir hub village rename SC --name 下村 --code XC >said
contact heir
is "the successor's word" "6 6" "$(yj heir .accept settings show) $(yj v3 .accept settings show)"
is "what it calls the village" 下村 "$(yj heir '.[0].village' hub villages)"
title=$(yj v3 .case case open --title 事)
contact heir
is "in force" "2026-03-18T00:00:00+08:00 XC" "$(due v3 "$title") ${title%%-*}"
clean heir v3
echo "a hub whose clock was wrong goes on"
