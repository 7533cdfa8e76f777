#!/bin/bash
# A village's own node pushes what is small and wants to be large: the hub stays small, its branches stay as they are,
# and another village is answered meanwhile.
. "$(dirname "$0")/https_lib.sh"

y hub hub init --township 青山镇 --code QSZ --url https://127.0.0.1:1 >said
serve
for v in 1 2; do
  village "$v"
  opens "v$v" "村$v 的事" >said
  y "v$v" sync >said
  y "v$v" sync >said
done
auth="Authorization: Bearer $(pass v1)"
mine=$BASE/ledger/$(ledger v1)
R=hub/ledgers/V1.git own=refs/heads/log/$(own v1)
as v1 clone -q --mirror "$mine" copy
git -C $R show-ref >refs
"$PYTHON" "$ROOM/../harness/weigh.py" "$SERVER" >most &
weigh=$!

# Twice at once, as often as one node may.
bomb() { # KIND
  cp v1/yizhan.db copy.db
  "$PYTHON" "$ROOM/bombs.py" copy "$own" copy.db "$1" >bomb
  local began=$SECONDS pushes=() i
  for i in 1 2; do
    curl -sk -o "body$i" --max-time 200 -H "$auth" -H 'Content-Type: application/x-git-receive-pack-request' \
      --data-binary @bomb "$mine/git-receive-pack" &
    pushes+=($!)
  done
  opens v2 "同时 $1" >said
  y v2 --json sync >said
  for i in "${pushes[@]}"; do wait "$i" || fail "$1: no answer"; done
  until_so '[ "$(git -C $R show-ref)" = "$(cat refs)" ]'
  echo "$1: $(stat -c %s bomb) bytes, $((SECONDS - began)) s"
}
for kind in 'delta of 200 MiB' 'delta of 64 GiB' 'blob of 900 MiB' 'tree of 10^40 files' 'tree of 300,000 files' 'tree of 1,000 levels' \
  'objects without number'; do
  bomb "$kind"
done
kill "$weigh"
wait "$weigh"
echo "the hub and its gits held $(cat most) KiB"
# What sanitizers add is not its own.
bound=196608
! grep -q '__[at]san_init' "$YIZHAN" || bound=$((4 * bound))
[ "$(cat most)" -gt 4096 ] && [ "$(cat most)" -le $bound ] || fail "the hub and its gits held $(cat most) KiB"

# Whatever was said of it, the village's own work goes on.
opens v1 之后 >said
y v1 sync >said
y v1 sync >said
y v2 sync >said
well v1 V1
well v2 V2
is "what the hub says of it" commit.tree "$(rules V1)"
is "files left" "" "$(find hub -name '.yz-*' -o -name 'tmp_*' -o -name 'incoming*')"
clean hub v1 v2
unserve
