#!/bin/bash
# Who has had contacts by link: the first parcel holds what they did not bring, in both directions, and
# not what was acknowledged already; who was restored since gets all of it.
. "$(dirname "$0")/lib.sh"

size() { jq '[.parcels[].bytes] | add // 0' written; }
township 1
for i in $(seq 40); do y v1 case open --title "旧事 $i" --text "$(head -c 6000 /dev/urandom | base64 -w 0)" >/dev/null 2>&1; done
mkdir first stick
y v1 --json parcel write first >written
whole=$(size)
[ "$whole" -gt 250000 ] || fail "the whole is small: $whole"
visit v1
number=$(opens v1 路灯不亮)
y v1 --json parcel write stick >written
rest=$(size)
[ $((rest * 10)) -lt "$whole" ] || fail "a parcel of one case after contacts: $rest of $whole"
y hub --json parcel read stick --reply >read
is "taken" taken "$(jq -r '.parcels[0].state' read)"
is "there" 1 "$(yj hub '[.[] | select(.title == "路灯不亮")] | length' case list --limit 0)"
[ $((10 * $(jq '[.reply[].bytes] | add' read))) -lt "$whole" ] || fail "the answer: $(jq -c .reply read)"
y v1 parcel read stick >said
well v1 V1

# By link again, then a parcel: what both brought is left out.
for i in $(seq 20); do y v1 case open --title "新事 $i" --text "$(head -c 6000 /dev/urandom | base64 -w 0)" >/dev/null 2>&1; done
visit v1
opens v1 水管漏水 >said 2>&1
y v1 --json parcel write stick >written
[ $(($(size) * 10)) -lt "$whole" ] || fail "a parcel of one case after more contacts: $(size) of $whole"

# The hub's parcels likewise, and one for a node that was restored holds what it may have lost.
y hub hub ingest >said
y hub case note "$number" --text 镇里记一笔 >said
y hub --json parcel write stick >written
[ $(($(size) * 10)) -lt "$whole" ] || fail "the hub's parcel: $(size) of $whole"
y v1 parcel read stick >said
is "the hub's note" 镇里记一笔 "$(yj v1 '.history[-1].body.text' case show "$number")"
y hub parcel read stick --reply >said
y v1 parcel read stick >said
well v1 V1
clean hub v1
