#!/bin/bash
# What a contact by HTTPS costs, by the hub's access log: turns and bytes; the receipt comes home in the
# answer to the push.
. "$(dirname "$0")/https_lib.sh"

y hub hub init --township 青山镇 --code QSZ --url https://127.0.0.1:1 >said
serve
village 1

# contact KIND: a sync of v1, whose last request is of that kind; what it says is in contact, $TURNS and $BYTES are
# what the hub saw of it. Answers have heads of less than 200 bytes, which the log does not count.
contact() {
  local before
  before=$(wc -l <hub/access.log)
  y v1 --json sync >contact
  # A line is written when its answer has gone, which the village need not wait for.
  for _ in {1..100}; do
    tail -n "+$((before + 1))" hub/access.log >turns
    [ "$(tail -n 1 turns | cut -d ' ' -f 5)" != "$1" ] || break
    sleep 0.05
  done
  TURNS=$(wc -l <turns)
  BYTES=$(awk '{ n += $7 + $8 + 200 } END { print n }' turns)
}
said() { jq "$1" contact; }

# The hub has let it in when it joined; the village has heard of it.
contact push
is "acknowledged by the first contact" 0 "$(said .pending)"

# One record goes out, its receipt comes home.
opens v1 路灯不亮 >opened
contact push
is "sent" 1 "$(said .sent)"
is "acknowledged" 1 "$(said .acknowledged)"
is "pending" 0 "$(said .pending)"
[ "$TURNS" -le 3 ] || fail "turns of one record: $(cat turns)"
[ "$BYTES" -le 8192 ] || fail "bytes of one record: $BYTES, $(cat turns)"
[ "$(said '.bytes_up + .bytes_down')" -le 14336 ] || fail "on the wire: $(cat contact)"
echo "one record: $TURNS turns, $BYTES bytes of HTTP, $(said '.bytes_up + .bytes_down') on the wire"
# Nothing is left to fetch.
contact refs
is "turns of nothing" 1 "$TURNS"
[ "$BYTES" -le 1536 ] || fail "bytes of nothing: $BYTES"
[ "$(said '.bytes_up + .bytes_down')" -le 3072 ] || fail "on the wire: $(cat contact)"
echo "nothing new: $TURNS turn, $BYTES bytes of HTTP, $(said '.bytes_up + .bytes_down') on the wire"
clean hub v1
signed v1/ledgers/*.git v1

# The next one is no dearer.
opens v1 井盖松动 >opened
contact push
[ "$TURNS" -le 3 ] && [ "$BYTES" -le 8192 ] || fail "the next one: $(cat turns)"

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
