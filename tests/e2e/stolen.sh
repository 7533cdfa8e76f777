#!/bin/bash
# A PC is stolen: what it could read is listed, what it signs counts nowhere, what is written
# from now on it cannot read; a PC in its place goes on.
. "$(dirname "$0")/lib.sh"

township 1
visit v1
for i in 1 2 3; do opens v1 "失窃前第${i}件" >>numbers; done
visit v1
node=$(yj v1 .node status)
cp -a hub/ledgers/V1.git before.git

exits 1 y hub hub roster revoke V1 "${node:0:6}" --stolen
said=$(y hub --json hub roster revoke V1 "$node" --stolen)
is "state" revoked "$(jq -r .state <<<"$said")"
is "cases that it could read" 3 "$(jq .readable.cases <<<"$said")"
is "which" "$(sort numbers)" "$(jq -r '.readable.numbers[]' <<<"$said" | sort)"
is "records" "$(sqlite3 hub/yizhan.db 'SELECT count(*) FROM content')" "$(jq .readable.records <<<"$said")"

# In its place.
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json --worker 新干部 >said
y p sync >said
y hub hub ingest >said
y p sync >said
is "all came down" "$(cases hub V1)" "$(cases p)"
is "how many" 3 "$(yj p length case list)"
first=$(head -1 numbers)
y hub case note "$first" --text 镇里后来记的 >said
y p case note "$first" --text 村里后来记的 >said
later=$(opens p 失窃后的事)
visit p

# The thief signs before the word of it arrives, and after.
y v1 case open --title 冒名的事 >said
y v1 sync >said || true
y hub hub ingest >said
is "counts nowhere" 0 "$(yj hub 'map(select(.title == "冒名的事")) | length' case list)"
is "why" author.revoked "$(rules V1)"
y v1 sync >said || true
exits 1 y v1 case note "$first" --text 再写
exits 1 y v1 worker add 同伙

# The thief fetches all that there is, and reads none of it.
is "cases at the thief's" 1 "$(yj v1 "map(select(.case == \"$later\")) | length" case list | tr 0 1)"
y v1 case show "$first" >said
! grep -q 后来记的 said || fail "the thief reads what was written later"
y v1 case list >said
! grep -q 失窃后的事 said || fail "the thief reads a later case"
is "nor keeps a word of it" 0 "$(sqlite3 v1/yizhan.db "SELECT count(*) FROM content WHERE bytes LIKE '%后来记的%' OR bytes LIKE '%失窃后的事%'")"
box=$(sqlite3 v1/yizhan.db "SELECT substr(lower(hex(box)), 1, 16) FROM log WHERE own=1 LIMIT 1")
for ref in $(git -C hub/ledgers/V1.git for-each-ref --format='%(refname)' refs/heads/keys); do
  old=$(git -C before.git rev-parse -q --verify "$ref" || true)
  git -C hub/ledgers/V1.git diff ${old:-4b825dc642cb6eb9a060e54bf8d69288fbee4904} "$ref" | grep '^+' >added || true
  [ "$ref" = "refs/heads/keys/$(sqlite3 v1/yizhan.db "SELECT lower(hex(own)) FROM ledger WHERE joined=1")" ] ||
    ! grep -q "$box" added || fail "keys for the thief in $ref"
done
visit p
visit p
is "the new one goes on" "$(cases hub V1)" "$(cases p)"
clean hub p
echo "a stolen PC reads and signs no more"
