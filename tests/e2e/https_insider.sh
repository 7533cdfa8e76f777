#!/bin/bash
# Who holds one village's key, and means harm: what it does stays in its own ledger, small, and keeps nobody out.
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
id=$(ledger v1)
mine=$BASE/ledger/$id
R=hub/ledgers/V1.git
mark=$(own v1)
own=refs/heads/log/$mark keys=refs/heads/keys/$mark
as v1 clone -q --mirror "$mine" copy
tip=$(git -C copy rev-parse "$own") key_tip=$(git -C copy rev-parse "$keys")
zero=$(printf '0%.0s' {1..40})
git -C $R show-ref >refs
same() { is "the refs after $1" "$(cat refs)" "$(git -C $R show-ref)"; }

# raw WHAT: the body of a push is on stdin; its status.
raw() {
  cat >body.push
  curl -sk -o body -w '%{http_code}' --max-time 120 -H "$auth" -H 'Content-Type: application/x-git-receive-pack-request' \
    --data-binary @body.push "$mine/git-receive-pack" || true
}
line() { printf '%04x%s' $((4 + ${#1})) "$1"; }
command() { # OLD NEW REF [ABLE]: a line of what is asked for
  local said="$1 $2 $3" able=${4:-report-status}
  printf '%04x%s\0%s' $((4 + ${#said} + 1 + ${#able})) "$said" "$able"
}
nothing() { git -C copy pack-objects -q --stdout </dev/null; }

# Names that are not its own, or look like it.
for name in HEAD "refs/replace/$tip" refs/stash refs/notes/commits "$own.lock" "$own/x" "refs/heads/log/${mark^^}" "refs/heads/LOG/$mark" \
  "refs/heads/log/../keys/$mark" "refs/heads/log//$mark" "refs/heads/./log/$mark" "refs/heads/log/$mark " "$own"$'\n'"x" "refs/remotes/log/$mark" \
  "refs/heads/@{-1}" "refs/heads/log/${mark:0:31}" "ref: $own" ""; do
  is "a push to '$name'" 403 "$({ command "$zero" "$tip" "$name"; printf 0000; nothing; } | raw)"
done
same "strange names"
# One of its own beside one that is not: neither goes.
hubs=$(grep -o 'refs/heads/log/[0-9a-f]*' refs | grep -v "$mark")
is "both or neither" 403 "$({ command "$tip" "$tip" "$own" 'report-status atomic'; line "$tip $tip $hubs"; printf 0000; nothing; } | raw)"
# What git's protocol has besides: cut histories, signed pushes, another hash, pushes with options.
is "a cut history" 403 "$({ line "shallow $tip"; command "$tip" "$tip" "$own"; printf 0000; nothing; } | raw)"
is "a signed push" 403 "$({ line "push-cert report-status" | tr " " "\0"; printf 0000; } | raw)"
is "a delimiter" 403 "$({ command "$tip" "$tip" "$own"; printf 0001; printf 0000; nothing; } | raw)"
{ command "$tip" "$tip" "$own" 'report-status object-format=sha256'; printf 0000; nothing; } | raw >said
{ command "$tip" "$tip" "$own" 'report-status push-options'; printf 0000; line x=y; printf 0000; nothing; } | raw >said
same "what git's protocol has besides"

# What it sent once it sends again, many times: nothing moves, and nothing grows.
opens v1 再来 >said
y v1 sync >said
y v1 sync >said
git -C $R show-ref >refs
now=$(git -C $R rev-parse "$own")
git -C copy fetch -q "$PWD/$R" "$own"
count=$(yj hub length case list)
{ command "$tip" "$now" "$own"; printf 0000; printf '%s\n^%s\n' "$now" "$tip" | git -C copy pack-objects -q --stdout --revs; } >again
junk=$(git -C copy -c user.name=x -c user.email=x commit-tree -m x -p "$now" "$now^{tree}")
{ command "$now" "$junk" "$own"; printf 0000; printf '%s\n^%s\n' "$junk" "$now" | git -C copy pack-objects -q --stdout --revs; } >false
for _ in {1..5}; do
  raw <again >said
  raw <false >said
  until_so '[ "$(git -C $R show-ref)" = "$(cat refs)" ]'
done
is "cases" "$count" "$(yj hub length case list)"
is "kept apart, once" 1 "$(yj hub '[.[] | select(.rule == "commit.signature")] | length' quarantine list)"
# Its keys as they were before: they are put back.
as v1 -C copy push -q "$mine" "+$key_tip:$keys"
until_so '[ "$(git -C $R show-ref)" = "$(cat refs)" ]'

# Branches of logs that nobody writes: they do not stay, nor can there be any number of them.
strays() { for i in $(seq "$2" "$3"); do echo "$key_tip:refs/heads/$1/$(printf '%032x' "$i")"; done; }
# Where it cannot be said whether there is a log, because the disk has spoilt its branch, all keys stay.
spoilt=$(printf 'b%.0s' {1..32})
for i in {1..64}; do echo "create refs/heads/keys/$(printf 'c%031x' "$i") $key_tip"; done | git -C $R update-ref --stdin
git -C $R update-ref "refs/heads/keys/$spoilt" "$key_tip"
: >"$R/refs/heads/log/$spoilt"
! "$YIZHAN" --dir hub hub ingest >said 2>&1 || fail "a branch that is spoilt: $(cat said)"
grep -q "log/$spoilt" said || fail "which one it is: $(cat said)"
is "keys of no log" 65 "$(git -C $R show-ref 2>said | grep -c "keys/$spoilt\|keys/c00000")"
rm "$R/refs/heads/log/$spoilt"
y hub hub ingest >said
same "all that were swept"
for kind in log keys files; do
  for from in 1 61; do
    mapfile -t specs < <(strays $kind $from $((from + 59)))
    as v1 -C copy push -q "$mine" "${specs[@]}" >said 2>&1 || fail "to be swept: $(cat said)"
  done
done
until_so '[ "$(git -C $R show-ref | wc -l)" -le $(($(wc -l <refs) + 64)) ]'
opens v1 之后 >said
y v1 sync >said
y v1 sync >said
well v1 V1
git -C $R show-ref >refs
[ "$(wc -l <refs)" -le 70 ] || fail "branches: $(wc -l <refs)"
for i in {1..1024}; do echo "create refs/heads/other/$i $key_tip"; done | git -C $R update-ref --stdin
! as v1 -C copy push -q "$mine" "$key_tip:refs/heads/keys/$(printf 'f%.0s' {1..32})" >said 2>&1 || fail "one more went in"
# Nor does who asks for one wait until a repository that is at work is free.
exec 4<"$R/yizhan.lock"
flock 4
is "one more, meanwhile" 403 "$({ command "$zero" "$key_tip" "refs/heads/keys/$(printf 'f%.0s' {1..32})"; printf 0000; nothing; } | raw)"
exec 4<&-
opens v1 照旧 >said
is "what is there goes on" 0 "$(yj v1 .pending sync)"
for i in {1..1024}; do echo "delete refs/heads/other/$i"; done | git -C $R update-ref --stdin

# Much that nobody wants does not stay on the disk; nor is a branch that nothing could read in the way of what is to go.
loads() { # MIB: a commit with so much in it that no packing makes less
  local i
  for i in $(seq "$1"); do
    printf '100644 blob %s\t%s\n' "$(head -c 1M /dev/urandom | git -C copy hash-object -w --stdin)" "$i"
  done | git -C copy mktree | xargs git -C copy -c user.name=x -c user.email=x commit-tree -m x -p "$now"
}
most_kib=0
now=$(git -C $R rev-parse "$own")
git -C copy fetch -q "$PWD/$R" "$own"
git -C $R show-ref >refs
for _ in 1 2 3; do
  as v1 -C copy -c pack.compression=0 push -q "$mine" "$(loads 24):$own" >said 2>&1 || fail "a load: $(cat said)"
  until_so '[ "$(git -C $R show-ref)" = "$(cat refs)" ]'
  kib=$(du -sk $R/objects | cut -f 1)
  [ "$kib" -le "$most_kib" ] || most_kib=$kib
done
[ "$most_kib" -gt 40960 ] || fail "there was nothing to go: $most_kib KiB"
until_so '[ "$(du -sk $R/objects | cut -f 1)" -le 8192 ]'
git -C $R fsck --strict 2>said || fail "the repository after that: $(cat said)"
cp v1/yizhan.db copy.db
git -C copy fetch -q "$PWD/$R" "+$own:$own"
"$PYTHON" "$ROOM/bombs.py" copy "$own" copy.db 'tree of 1,000 levels' >deep
length=$((16#$(head -c 4 deep)))
deep=$(head -c $length deep | tr '\0' ' ' | cut -d ' ' -f 2)
stray=refs/heads/keys/$(printf 'e%.0s' {1..32})
is "a branch that nothing can read" 200 "$({ command "$zero" "$deep" "$stray"; tail -c +$((length + 1)) deep; } | raw)"
until_so 'git -C $R show-ref -q --verify "$stray"'
number=$(opens v1 抹除)
y v1 sync >said
y hub erase "$number" --reason 本人要求 >said
y v1 sync >said
y v1 sync >said
y hub hub ingest >said
! grep -q 'too deep' said || fail "it is in the way: $(cat said)"
! git -C $R show-ref -q --verify "$stray" || fail "it stays"
# Nor does one take with it what it shares with others: a village's own folder, too deep in
# others. And folders that name the next twice are each looked at once.
number=$(opens v1 同在)
y v1 sync >said
y v1 sync >said
now=$(git -C $R rev-parse "$own")
git -C copy fetch -q "$PWD/$R" "+$own:$own"
around() { # TREE N [NAME]...: that in so many folders, under each of these names
  local at=$1 n=$2 name
  shift 2
  for _ in $(seq "$n"); do
    at=$(for name; do printf '040000 tree %s\t%s\n' "$at" "$name"; done | git -C copy mktree)
  done
  echo "$at"
}
of() { git -C copy -c user.name=x -c user.email=x commit-tree -m x "$1"; }
specs=("$(of "$(around "$(git -C copy rev-parse "$now^{tree}")" 64 0)"):refs/heads/keys/$(printf '1%.0s' {1..32})"
  "$(of "$(around "$(git -C copy mktree </dev/null)" 80 0 1)"):refs/heads/keys/$(printf '2%.0s' {1..32})"
  "$(of "$(around "$(git -C copy mktree </dev/null)" 60 0 1)"):refs/heads/keys/$(printf '3%.0s' {1..32})")
as v1 -C copy push -q "$mine" "${specs[@]}" >said 2>&1 || fail "strange folders: $(cat said)"
until_so '[ "$(git -C $R show-ref | grep -c "keys/\([123]\)\1\{31\}$")" = 3 ]'
y hub erase "$number" --reason 本人要求 >said
y hub hub ingest >said
git -C $R fsck --strict 2>said || fail "what was shared with them is gone: $(cat said)"
is "those that can be read" "$(printf '3%.0s' {1..32})" "$(git -C $R show-ref | grep -o "keys/\([23]\)\1\{31\}$" | cut -d / -f 2)"
is "the branch itself" "$now" "$(git -C $R rev-parse "$own")"
y v1 sync >said
y v1 sync >said
well v1 V1
now=$(git -C $R rev-parse "$own")
git -C $R show-ref >refs

# What it asks for: more, other, or without end. Others are answered meanwhile.
git -c protocol.version=2 -c http.sslVerify=false -c "http.extraHeader=$auth" clone -q --bare --filter=tree:0 "$mine" part 2>said
objects() { git -C "$1" rev-list --objects --branches | cut -c1-40 | sort; }
is "what a filter leaves out" "" "$(comm -3 <(objects $R) <(objects part))"
git -C part cat-file --batch-all-objects --batch-check='%(objectname)' 2>said | comm -13 <(objects part) - >more
[ ! -s more ] || fail "more than branches hold: $(wc -l <more)"
for way in version=0 version=2; do
  for asked in "$(line command=fetch)0001$(line "filter tree:0")$(line "want $now")$(line done)0000" \
    "$(line command=object-info)0001$(line size)$(line "oid $now")0000" \
    "$(line command=bundle-uri)0001$(line x)0000" "$(line "want $junk side-band-64k filter")0000$(line done)"; do
    rm -f body
    printf '%s' "$asked" | curl -sk -o body --max-time 60 -H "$auth" -H "Git-Protocol: $way" \
      -H 'Content-Type: application/x-git-upload-pack-request' --data-binary @- "$mine/git-upload-pack" || true
    [ ! -e body ] || ! grep -aq PACK body || fail "it was given: $asked"
  done
done
"$PYTHON" "$ROOM/../harness/weigh.py" "$SERVER" >most &
weigh=$!
{ line "want $now"; printf 0000; printf "$(line "have $junk")%.0s" {1..180000}; line done; } >asks
gzip -9 <asks >asks.gz
{ line "want $now"; for _ in {1..20000}; do printf '0035shallow %s' "$tip"; done; printf 0000; line done; } >cut
for body in asks.gz cut asks; do
  for i in 1 2; do
    curl -sk -o "body$i" --max-time 200 -H "$auth" $([[ $body != *.gz ]] || echo '-H Content-Encoding:gzip') \
      -H 'Content-Type: application/x-git-upload-pack-request' --data-binary "@$body" "$mine/git-upload-pack" &
    asking[i]=$!
  done
  opens v2 "同时 $body" >said
  is "another village meanwhile" 0 "$(yj v2 .pending sync)"
  for i in 1 2; do wait "${asking[i]}" || fail "$body: no answer"; done
done
kill "$weigh"
wait "$weigh"
bound=196608
! grep -q '__[at]san_init' "$YIZHAN" || bound=$((4 * bound))
echo "the hub and its gits held $(cat most) KiB"
[ "$(cat most)" -gt 4096 ] && [ "$(cat most)" -le $bound ] || fail "the hub and its gits held $(cat most) KiB"

# Files of the repository, by any name; other services; other ways of speaking.
for path in objects/info/packs objects/info/alternates "objects/${now:0:2}/${now:2}" HEAD config packed-refs "refs/heads/log/$mark" info/attributes \
  'info/refs?service=git-upload-archive' git-upload-archive '%2e%2e/V1.git/config' '..%2f..%2f..%2fyizhan.db' 'git-upload-pack/../HEAD'; do
  http 404 --path-as-is -H "$auth" "$mine/$path"
done
http 404 --path-as-is -X POST -H "$auth" --data-binary 0000 "$mine/git-upload-archive"
is "HTTP/2, offered" 1.1 "$(curl -sk --http2 -o body -w '%{http_version}' "$BASE/healthz")"
is "HTTP/2, wished for" "1.1 200" "$(curl -sk -o body -w '%{http_version} %{http_code}' -H 'Connection: Upgrade, HTTP2-Settings' -H 'Upgrade: h2c' \
  -H 'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA' "$BASE/healthz")"

# One invitation, several at once: one is let in.
y hub hub invite --village 村3 --code V3 -o v3.json >said
joins=()
for i in {1..5}; do
  "$YIZHAN" --dir "j$i" --json join v3.json --worker "干部$i" >"joined$i" 2>&1 &
  joins+=($!)
done
for i in "${joins[@]}"; do wait "$i" || true; done
for i in {1..5}; do y "j$i" sync >said 2>&1 || true; done
is "let in" 1 "$(for i in {1..5}; do yj "j$i" .pending status; done | grep -c '^0$')"
is "of them sign there" 1 "$(yj hub '[.[] | select(.code == "V3" and .state == "granted")] | length' hub roster list)"

y v1 sync >said
y v2 sync >said
well v1 V1
well v2 V2
clean hub v1 v2
unserve
echo "one key opens one ledger"
