#!/bin/bash
# The road by HTTPS under attack: villages that want more than is theirs, strangers, clients that
# never end, and servers that are not the hub.
. "$(dirname "$0")/https_lib.sh"

y hub hub init --township 青山镇 --code QSZ --url https://127.0.0.1:1 >said
serve
village 1
village 2
for v in 1 2; do
  opens "v$v" "村$v 的事" >said
  y "v$v" sync >said
  y "v$v" sync >said
done
mine=$BASE/ledger/$(ledger v1) other=$BASE/ledger/$(ledger v2)
auth="Authorization: Bearer $(pass v1)"
R=hub/ledgers/V1.git
git -C $R show-ref >refs

# Strangers, broken passes, other villages.
asked='info/refs?service=git-upload-pack'
http 401 "$mine/$asked"
http 401 -H 'Authorization: Basic YTpi' "$mine/$asked"
http 403 -H "${auth%?}" "$mine/$asked"
http 403 -H "$auth." "$mine/$asked"
stranger=$(printf 'a%.0s' {1..64})
http 403 -H "Authorization: Bearer $stranger.${auth##*.}" "$mine/$asked"
http 403 -H "Authorization: Bearer $stranger.${auth##*.}.$stranger.$stranger" "$mine/$asked"
last=${auth: -1}
http 403 -H "${auth%?}$([ "$last" = 0 ] && echo 1 || echo 0)" "$mine/$asked"
http 403 -H "$auth" "$other/$asked"
http 403 -H "$auth" "$BASE/ledger/$(printf '0%.0s' {1..32})/$asked"
http 403 -H "Authorization: Bearer $(pass v2)" "$mine/$asked"
for service in git-upload-pack git-receive-pack; do
  http 403 -H "$auth" --data-binary 0000 "$other/$service"
  http 401 --data-binary 0000 "$mine/$service"
done

# Addresses that lead elsewhere.
id=$(ledger v1)
for path in /nothing /ledger "/ledger/$id" "/ledger/$id/" "/ledger/$id/HEAD" "/ledger/$id/config" \
  "/ledger/$id/objects/info/packs" "/ledger/$id/../$id/$asked" "/ledger/../../../../etc/passwd" \
  "/ledger/$id/%2e%2e/$(ledger v2)/$asked" "/ledger/$id%2f..%2f..%2fyizhan.db" "/ledger/$id//$asked" \
  "/ledger/${id^^}/$asked" "/ledger/$id/info/refs" "/ledger/$id/info/refs?service=git-upload-archive" \
  "/ledger/$id/info/refs?service=upload-pack" "/ledger/$id/git-upload-pack" "/ledger/V1/$asked"; do
  http 404 --path-as-is -H "$auth" "$BASE$path"
done
http 405 -X DELETE -H "$auth" "$mine/$asked"
http 405 -X PUT -H "$auth" --data-binary x "$mine/git-receive-pack"
http 404 -X POST -H "$auth" --data-binary x "$mine/$asked"
http 400 -X POST -H "$auth" "$mine/git-receive-pack"
http 413 -H "$auth" -H 'Content-Length: 9000000000' --data-binary x "$mine/git-receive-pack"
http 415 -H "$auth" -H 'Content-Encoding: br' --data-binary 0000 "$mine/git-receive-pack"
http 403 -H "$auth" -H 'Content-Encoding: gzip' --data-binary 0000 "$mine/git-receive-pack"
for body in '' x zzzz 0000x 0005 ffff fff0 "$(printf '0%.0s' {1..200})"; do
  curl -sk -o body --max-time 60 -H "$auth" -H 'Content-Type: application/x-git-receive-pack-request' \
    --data-binary "$body" "$mine/git-receive-pack" || true
done
status=$(curl -sk -o body -w '%{http_code}' -H "$auth" -H "X: $(printf 'x%.0s' {1..60000})" "$mine/$asked") || true
[[ $status = 4* || $status = 000 ]] || fail "a huge head: $status"

# Branches that are not v1's to write, by stock git.
as v1 clone -q --mirror "$mine" copy
own=refs/heads/log/$(own v1)
hubs=refs/heads/log/$(sqlite3 hub/yizhan.db "SELECT lower(hex(own)) FROM ledger WHERE code='V1'")
tip=$(git -C copy rev-parse "$own")
refused() { # WHAT REFSPEC
  ! as v1 -C copy push -q "$mine" "$2" >said 2>&1 || fail "$1 went in"
  is "the refs after $1" "$(cat refs)" "$(git -C $R show-ref)"
}
refused "another kind of branch" "$tip:refs/heads/main"
refused "a tag" "$tip:refs/tags/$(own v1)"
refused "a branch below its own" "$tip:$own/x"
refused "the hub's log" "+$own:$hubs"
refused "the hub's keys" "+$own:${hubs/log/keys}"
onwards=$(git -C copy -c user.name=x -c user.email=x commit-tree -m x -p "$hubs" "$hubs^{tree}")
refused "the hub's log, continued" "$onwards:$hubs"
refused "another village's log" "$tip:refs/heads/log/nothing"
refused "the end of its own log" ":$own"
refused "its own log, shorter" "+$own~1:$own"
stray=$(git -C copy -c user.name=x -c user.email=x commit-tree -m x "$tip^{tree}")
refused "its own log, begun anew" "+$stray:$own"
# The same where what is asked for is packed, by who can pack: a push of the hub's log, and one without end.
packed() { # whose body is on stdin; the status
  gzip -9 >body.gz
  curl -sk -o body -w '%{http_code}' --max-time 120 -H "$auth" -H 'Content-Encoding: gzip' -H 'Content-Type: application/x-git-receive-pack-request' \
    --data-binary @body.gz "$mine/git-receive-pack" || true
}
asks() { # OLD NEW REF: the first packet
  local line="$1 $2 $3"
  printf '%04x%s\0report-status0000' $((4 + ${#line} + 14)) "$line"
}
{ asks "$(git -C copy rev-parse "$hubs")" "$onwards" "$hubs"; git -C copy pack-objects -q --stdout <<<"$onwards"; } | packed >said
is "the hub's log, packed" 403 "$(cat said)"
{ asks "$tip" "$stray" "$own"; head -c 64M /dev/zero; } | packed >said
{ asks "$tip" "$stray" "$own"; printf 'PACK\0\0\0\2\0\0\0\1\262\200\200\200\200\001'; head -c 64M /dev/zero; } | packed >said
head -c 64M /dev/zero | packed >said
is "nothing, without end" 403 "$(cat said)"
http 200 -H "$auth" "$mine/$asked"
is "the refs after what was packed" "$(cat refs)" "$(git -C $R show-ref)"
# What git itself finds wrong with objects.
blob=$(git -C copy hash-object -w --stdin <<<x)
tree=$({ printf '100644 .git\0'; xxd -r -p <<<"$blob"; } | git -C copy hash-object -t tree --literally -w --stdin)
bad=$(git -C copy -c user.name=x -c user.email=x commit-tree -m x -p "$tip" "$tree")
refused "a tree that git forbids" "$bad:$own"
# What git does not find wrong the hub does: the branch is put back, before the answer or soon after.
junk=$(git -C copy -c user.name=x -c user.email=x commit-tree -m x -p "$tip" "$tip^{tree}")
as v1 -C copy push -q "$mine" "$junk:$own"
until_so '[ "$(git -C $R show-ref)" = "$(cat refs)" ]'
is "the refs after junk" "$(cat refs)" "$(git -C $R show-ref)"
is "kept apart" commit.signature "$(rules V1)"
opens v1 之后 >said
y v1 sync >said
y v1 sync >said
well v1 V1

# An invitation is for one: who has a copy is not let in, and what was recorded stays there.
exits 1 y w1 join v1.json --worker 冒名
opens w1 冒名之事 >said
exits 1 y w1 sync
grep -q 'does not let this node in' said || fail "who comes second: $(cat said)"
[ "$(yj w1 .pending status)" -gt 0 ] || fail "what was recorded is gone"

# A revoked node is refused, and what it has queued stays at home.
opens v2 撤销之后 >said
pending=$(yj v2 .pending status)
y hub hub roster revoke V2 "$(yj v2 .node status)" >said
exits 1 y v2 sync
grep -q 'does not let this node in' said || fail "revoked: $(cat said)"
is "queued" "$pending" "$(yj v2 .pending status)"
is "what the hub has" 1 "$(yj hub '[.[] | select(.case | startswith("V2"))] | length' case list)"

# Clients that say nothing, or half of something, keep nobody out.
for n in {10..40}; do
  eval "exec $n<>/dev/tcp/127.0.0.1/$PORT"
  [ $((n % 2)) = 0 ] || printf '\x16\x03\x01' >&"$n"
done
opens v1 慢 >said
y v1 sync >said
for n in {10..40}; do eval "exec $n>&-"; done
y v1 sync >said
well v1 V1
clean hub v1

# Who only asks, and asks, is told to come later, how much later; the log says so, and holds no pass. Five a second
# are given back, so the more of them are answered the longer it takes.
asks_much() {
  curl -sk -o /dev/null -w '%{http_code} %header{retry-after}\n' "$BASE/[1-400]" >>asked
  grep -Eq '^429 [1-9]$' asked
}
: >asked
until_so asks_much
grep -q '^404 ' asked || fail "the first are answered: $(head -n 3 asked)"
! grep -Ev '^(404|429 [1-9][0-9]?) ?$' asked || fail "something else is answered"
until_so "grep -Eq '^[-0-9TZ:]{20} - 127.0.0.1 GET - 429 [0-9]+ 4 [0-9]+\$' hub/access.log"
grep -Eq ' V1 [0-9a-f]{16} POST push 403 ' hub/access.log || fail "what a village was refused"
! grep -Ev '^[-0-9TZ:]{20} (- [0-9.]+|V[12] [0-9a-f]{16}) ([A-Z]+|[?]) (-|ledger|refs|push-refs|fetch|push|page) [0-9]+ [0-9]+ [0-9]+ [0-9]+$' hub/access.log ||
  fail "something else in the log"

# Others that answer in the hub's place. With a key of their own, and with the hub's.
sqlite3 hub/yizhan.db "SELECT hex(value) FROM secret WHERE name='tls.key'" | xxd -r -p >hub.key
openssl req -x509 -key hub.key -subj /CN=elsewhere -days 1 -out hub.pem 2>said
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key -subj /CN=127.0.0.1 \
  -days 1 -out own.pem 2>said
unserve
opens v1 路上 >said
pending=$(yj v1 .pending status)
answers() { # KIND KEY STATUS [WHERE]
  exec 3< <(exec "$PYTHON" "$ROOM/portal.py" "$1" "$PORT" "$2.key" "$2.pem" ${4+"$4"} 2>portal)
  SERVER=$!
  local line
  read -r line <&3 || fail "portal: $(cat portal)"
  exits "$3" y v1 sync
  kill "$SERVER"
  wait "$SERVER" || true
  SERVER=
  cat <&3 >asked
  exec 3<&-
  is "queued" "$pending" "$(yj v1 .pending status)"
}
answers page own 1
grep -q 'is not the hub' said || fail "a wrong key: $(cat said)"
answers page hub 3
answers busy hub 3
grep -q 'too much to do' said || fail "a busy hub: $(cat said)"
answers redirect hub 3
! grep -q elsewhere asked || fail "it went where it was sent: $(cat asked)"
grep -q asked asked || fail "the redirecting server was not asked"
# Nor to another port of the same host, whoever answers there.
"$PYTHON" "$ROOM/portal.py" page 0 hub.key hub.pem >elsewhere 2>said &
OTHER=$!
until_so 'grep -q ready elsewhere'
other=$(sed -n 's/^ready //p' elsewhere)
answers redirect hub 3 "https://127.0.0.1:$other"
kill "$OTHER"
wait "$OTHER" || true
! grep -q asked elsewhere || fail "it went to another port: $(cat elsewhere)"
answers redirect hub 3 "http://127.0.0.1:$other"
# Nor within the same server, whether it stays on the line or hangs up.
for kind in redirect redirect-closing; do
  for where in "https://127.0.0.1:$PORT/again" "" /again; do
    answers $kind hub 3 "$where"
    grep -q 'sends on to another one' said || fail "$kind to '$where': $(cat said)"
    is "asked, $kind to '$where'" 1 "$(grep -c asked asked)"
  done
done
# An address that holds the word is not one that sends on.
place=$(sqlite3 v1/yizhan.db 'SELECT url FROM ledger WHERE joined=1')
y v1 ledger move "${place/127.0.0.1/redirect.invalid}" >said
exits 3 y v1 sync
! grep -q 'sends on to another one' said || fail "of an address that nobody has: $(cat said)"
y v1 ledger move "$place" >said

# And the hub again.
serve "$PORT"
y v1 sync >said
y v1 sync >said
well v1 V1
clean hub v1
unserve
echo "what is not theirs they do not get"
