#!/bin/bash
# What a contact by HTTPS costs, by the hub's access log: turns and bytes; the receipt comes home in the
# answer to the push.
. "$(dirname "$0")/https_lib.sh"

y hub hub init --township 青山镇 --code QSZ --url https://127.0.0.1:1 >said
serve
village 1

# contact KIND: a sync of v1, whose last request is of that kind; what it says is in contact, $TURNS and $BYTES are
# what the hub saw of it. The log does not count heads of answers, nor the lengths between the parts of a push.
FRAME=120
contact() {
  local before
  before=$(wc -l <hub/access.log)
  y v1 --json sync >contact
  # A line is written when its answer has gone, which the village need not wait for.
  until_so "tail -n +$((before + 1)) hub/access.log >turns && [ \"\$(tail -n 1 turns | cut -d ' ' -f 5)\" = $1 ]"
  TURNS=$(wc -l <turns)
  BYTES=$(awk -v frame=$FRAME '{ n += $7 + $8 + frame } END { print n }' turns)
}
said() { jq "$1" contact; }

# The hub has let it in when it joined; the village has heard of it.
contact push
is "acknowledged by the first contact" 0 "$(said .pending)"

http 200 -D heads -H "Authorization: Bearer $(pass v1)" "$BASE/ledger/$(ledger v1)/info/refs?service=git-upload-pack"
[ "$(wc -c <heads)" -lt $((FRAME - 15)) ] || fail "the head of an answer: $(cat heads)"

# One record goes out, its receipt comes home.
opens v1 路灯不亮 >opened
contact push
is "sent" 1 "$(said .sent)"
is "acknowledged" 1 "$(said .acknowledged)"
is "pending" 0 "$(said .pending)"
is "turns of one record" 2 "$TURNS"
# With it goes what the village has heard of the hub.
[ "$BYTES" -le 4200 ] || fail "bytes of one record: $BYTES, $(cat turns)"
echo "one record: $TURNS turns, $BYTES bytes of HTTP, $(said '.bytes_up + .bytes_down') on the wire"
# Nothing is left to fetch.
contact refs
is "turns of nothing" 1 "$TURNS"
[ "$BYTES" -le 650 ] || fail "bytes of nothing: $BYTES"
[ "$(said '.bytes_up + .bytes_down')" -le 1900 ] || fail "on the wire: $(cat contact)"
echo "nothing new: $TURNS turn, $BYTES bytes of HTTP, $(said '.bytes_up + .bytes_down') on the wire"
clean hub v1
signed v1/ledgers/*.git v1

# The next one, and a note on it.
opens v1 井盖松动 >opened
contact push
is "turns of the next one" 2 "$TURNS"
[ "$BYTES" -le 4000 ] || fail "bytes of the next one: $BYTES, $(cat turns)"
[ "$(said '.bytes_up + .bytes_down')" -le 6500 ] || fail "on the wire: $(cat contact)"
echo "the next one: $TURNS turns, $BYTES bytes of HTTP, $(said '.bytes_up + .bytes_down') on the wire"
y v1 case note "$(cat opened)" --text 已报修 >said
contact push
[ "$TURNS" -le 2 ] && [ "$BYTES" -le 4000 ] || fail "a note: $BYTES, $(cat turns)"
clean hub v1
signed hub/ledgers/V1.git v1

# What the hub says of itself is fetched; then nothing is left.
y hub case resolve "$(cat opened)" --text 已修 >resolved
contact push
is "received" 1 "$(said .received)"
contact refs
is "turns of nothing again" 1 "$TURNS"

# Much at once has no room there and is fetched.
for i in {1..40}; do printf '%s\n' "{\"title\":\"第 $i 件\",\"text\":\"经过 $i\"}"; done >many.jsonl
y v1 case import many.jsonl >imported
contact push
is "pending after many" 0 "$(said .pending)"

# What the village takes for the hub's branches may be old: a push that is refused for it asks, and goes.
files=files/$(own v1) memory=$(echo v1/ledgers/*.git)
for n in 1 2 3; do
  head -c 3000 /dev/urandom | "$PYTHON" -c 'import sys; sys.stdout.buffer.write(b"\xff\xd8\xff\xe0" + sys.stdin.buffer.read())' >"photo$n.jpg"
  y v1 case attach "$(cat opened)" "photo$n.jpg" >said
  [ "$n" = 3 ] || contact push
done
git -C "$memory" update-ref "refs/remote/$files" "refs/heads/$files~1"
contact refs
grep -q ' push-refs ' turns || fail "it did not ask: $(cat turns)"
is "the pieces at the hub" "$(git -C "$memory" rev-parse "refs/heads/$files")" "$(git -C hub/ledgers/V1.git rev-parse "refs/heads/$files")"

# Stock git asks for no reply and gets none: what it says is text.
as v1 clone -q --mirror "$BASE/ledger/$(ledger v1)" copy
own=refs/heads/log/$(own v1)
junk=$(git -C copy -c user.name=x -c user.email=x commit-tree -m x -p "$own" "$own^{tree}")
as v1 -C copy push "$BASE/ledger/$(ledger v1)" "$junk:$own" >pushed 2>&1
! grep -q 'yizhan-reply' pushed || fail "a reply for stock git"
contact refs
well v1 V1
clean hub v1
unserve
echo "receipts come home"
