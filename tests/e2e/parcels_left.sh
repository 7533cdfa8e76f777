#!/bin/bash
# A writer or reader of parcels that is killed, or whose stick is pulled out, leaves something unfinished: on the
# stick it goes with the writer's next parcel, and nobody else's with it; at a node it goes with what is erased.
. "$(dirname "$0")/lib.sh"
. "$ROOM/hunt_lib.sh"
. "$ROOM/kill.sh"

mkdir stick pieces
township 2
number=$(opens v1 样例要抹除的话)
"$PYTHON" -c '
import json, random
for i in range(24): print(json.dumps({"title": f"Sample {i}", "text": random.Random(i).randbytes(9000).hex()}))' >rows.jsonl
y v1 case import rows.jsonl >said
y v1 parcel write pieces --max 128K >said

# On the stick: one that was killed while it lay there unfinished; what others have there stays.
: >stick/OTHERSAB.TMP
for at in $(seq 1 12); do
  y v1 status >said
  status=$(killed "$at" "$YIZHAN" --dir v1 parcel write stick)
  [ "$(ls stick | grep -c TMP)" = 1 ] || break
done
is "ended by the signal, something is left" "137 2" "$status $(ls stick | grep -c TMP)"
y v2 parcel write stick >said
is "left by another" 2 "$(ls stick | grep -c TMP)"
y v1 parcel write stick >said
is "the next one takes it away" OTHERSAB.TMP "$(ls stick | grep TMP)"

# What cannot be taken away, as a folder of that name, keeps nobody from writing another.
for at in $(seq 1 12); do
  y v1 status >said
  killed "$at" "$YIZHAN" --dir v1 parcel write stick >said
  [ "$(ls stick | grep -c TMP)" = 1 ] || break
done
left=$(ls stick | grep TMP | grep -v OTHERS)
rm "stick/$left"
mkdir "stick/$left"
rm -f stick/*.YZP
y v1 parcel write stick >said
is "beside what stays" "1 2" "$(ls stick | grep -c YZP) $(ls stick | grep -c TMP)"
rmdir "stick/$left"

# At the hub: pieces that came too early are copied, and the copying is killed.
for at in $(seq 1 12); do
  for f in pieces/*.YZP; do
    [ "$(ls hub/parcels 2>/dev/null | grep -c TMP)" = 0 ] || break 2
    y hub status >said
    status=$(killed "$at" "$YIZHAN" --dir hub parcel read "$f")
  done
done
is "left at the hub" 1 "$(ls hub/parcels | grep -c TMP)"
left=$(echo hub/parcels/*.TMP)
y hub parcel read stick --reply >said
y hub erase "$number" --reason 本人要求 >said
[ ! -e "$left" ] || fail "$left is still there after something was erased"
for n in 1 2; do
  y v1 parcel read stick >said 2>&1
  y v1 parcel write stick >said
  y hub parcel read stick --reply >said 2>&1
done
gone 样例要抹除的话 hub v1
clean hub v1
