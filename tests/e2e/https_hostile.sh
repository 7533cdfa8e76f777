#!/bin/bash
# A hub that wants to do its villages harm, or somebody with its key: what it gives is small and wants to be large, or
# has no end. A contact ends, the village's PC stays usable, nothing of it stays there, and the road is as good as before.
. "$(dirname "$0")/https_lib.sh"

y hub hub init --township 青山镇 --code QSZ --url https://127.0.0.1:1 >said
serve
village 1
opens v1 路灯 >said
y v1 sync >said
y v1 sync >said
as v1 clone -q --mirror "$BASE/ledger/$(ledger v1)" copy
hubs=refs/heads/log/$(sqlite3 hub/yizhan.db "SELECT lower(hex(own)) FROM ledger WHERE code='V1'")
sqlite3 hub/yizhan.db "SELECT hex(value) FROM secret WHERE name='tls.key'" | xxd -r -p >hub.key
openssl req -x509 -key hub.key -subj /CN=elsewhere -days 1 -out hub.pem 2>said
unserve
cp hub/yizhan.db copy.db
opens v1 水管 >said
pending=$(yj v1 .pending status)
bound=131072
! grep -q '__[at]san_init' "$YIZHAN" || bound=$((4 * bound))

# harms KIND STATUSES [PUSH]: a contact with that server ends with one of these, and held no more than it may.
harms() {
  local line weigh contact status=0
  exec 3< <(exec "$PYTHON" "$ROOM/hostile.py" "$1" "$PORT" hub.key hub.pem ${3:+"$3"} 2>hostile)
  SERVER=$!
  read -r line <&3 || fail "hostile: $(cat hostile)"
  y v1 sync >said 2>&1 &
  contact=$!
  "$PYTHON" "$ROOM/../harness/weigh.py" $contact >most &
  weigh=$!
  wait $contact || status=$?
  wait $weigh
  kill "$SERVER"
  wait "$SERVER" || true
  SERVER=
  cat <&3 >asked
  exec 3<&-
  [[ " $2 " = *" $status "* ]] || fail "$1: exit $status: $(cat said; cat asked)"
  grep -q asked asked || fail "$1: nothing was asked"
  echo "$1: exit $status, $(cat most) KiB: $(head -n 1 said)"
  [ "$(cat most)" -gt 1024 ] && [ "$(cat most)" -le $bound ] || fail "$1: the village held $(cat most) KiB"
  is "files left by $1" "" "$(find v1 -name '.yz-*' -o -name 'tmp_*' -o -name '*incoming*')"
  ! grep -q 'hung up after [0-9]\{9\}' asked || fail "$1: so much was taken: $(cat asked)"
}
for kind in 'delta of 200 MiB' 'delta of 64 GiB' 'blob of 900 MiB' 'tree of 10^40 files' 'tree of 300,000 files' \
  'tree of 1,000 levels' 'objects without number'; do
  "$PYTHON" "$ROOM/bombs.py" copy "$hubs" copy.db "$kind" >bomb
  harms "$kind" '0 1 3' bomb
done
# What is tangled costs the village little, too: it is not put together to the end.
"$PYTHON" "$ROOM/bombs.py" copy "$hubs" copy.db 'deltas backwards' >bomb
# worked: the seconds that children of this shell have worked, as `times` has said in the file.
worked() { tail -n 1 times | sed 's/[ms]/ /g' | awk '{ print int($1 * 60 + $2 + $3 * 60 + $4) }'; }
times >times
before=$(worked)
harms 'deltas backwards' '0 1 3' bomb
times >times
[ $(($(worked) - before)) -le 60 ] || fail "the village worked $(($(worked) - before)) s at it"
for kind in refs words 'push words' acks heads redirect; do
  harms "$kind" '0 1 3'
done
is "queued" "$pending" "$(yj v1 .pending status)"
"$PYTHON" "$ROOM/bombs.py" copy "$hubs" copy.db 'delta of 200 MiB' >bomb
harms reply '0 1 3' bomb

serve "$PORT"
y v1 sync >said
y v1 sync >said
well v1 V1
clean hub v1
unserve
echo "harm is not done"
