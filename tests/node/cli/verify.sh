#!/bin/bash
# verify finds what was changed, and rebuild makes one side from the other.
. "$(dirname "$0")/../../harness/script.sh"

y hub hub init --township 青山镇 --code QSZ >said
y hub hub invite --village 东村 --code DC -o dc.json >said
y v join dc.json >said
for i in 1 2 3; do y v case open --title "事 $i" >said; done
y v sync >said
y hub hub ingest >said
y v sync >said
y hub hub ingest >said
repository=$(echo v/ledgers/*.git)
is "whole" true "$(yj v '.ok and .findings == []' verify)"
is "whole" true "$(yj hub .ok verify)"
# What was cut, and not yet published when the power went, is no damage.
sqlite3 v/yizhan.db "INSERT INTO file(ref, path, first, bytes)
  SELECT n, 'ack.json', 0, 'not published' FROM ref WHERE name LIKE 'refs/heads/log/%'"
is "whole" true "$(yj v '.ok and .findings == []' verify)"
sqlite3 v/yizhan.db "DELETE FROM file WHERE git_commit IS NULL"
own() { sqlite3 "$1/yizhan.db" "SELECT lower(hex(own)) FROM ledger LIMIT 1"; }
tips() { git -C "$1" for-each-ref --format='%(refname) %(objectname)' refs/heads; }

# A branch behind the store, as where the process died between the two, is noted, no damage;
# the next contact brings it there. One that was moved elsewhere is damage.
noted() { y "$1" --json verify | jq -r '[.notes[].code] | unique | join(" ")' || true; }
y hub case resolve "$(yj v '.[-1].case' case list)" --text 办好 >said
for i in 1 2 3; do
  y hub hub ingest >said
  y v sync >said
done
tips "$repository" >before
for branch in "log/$(own v)" "log/$(own hub)"; do
  git -C "$repository" rev-parse -q --verify "refs/heads/$branch^" >said 2>&1 || fail "$branch has one commit"
  git -C "$repository" update-ref "refs/heads/$branch" "refs/heads/$branch^"
done
exits 0 y v verify
is "noted" git.behind "$(noted v)"
y v sync >said
is "where they were" "$(cat before)" "$(tips "$repository")"
is "no note" "" "$(noted v)"
git -C "$repository" for-each-ref --format='delete %(refname)' refs/heads | git -C "$repository" update-ref --stdin
is "noted" git.behind "$(noted v)"
y v sync >said
is "where they were" "$(cat before)" "$(tips "$repository")"
tips hub/ledgers/DC.git >before
git -C hub/ledgers/DC.git for-each-ref --format='delete %(refname)' refs/heads | git -C hub/ledgers/DC.git update-ref --stdin
is "noted" git.behind "$(noted hub)"
y hub hub ingest >said
is "where they were" "$(cat before)" "$(tips hub/ledgers/DC.git)"
tips "$repository" >before
git -C "$repository" update-ref "refs/heads/log/$(own v)" "refs/heads/keys/$(own v)"
exits 4 y v verify
y v sync >said
is "where they were" "$(cat before)" "$(tips "$repository")"

# The repository is gone: found, and built again to the same bytes.
tips "$repository" >before
mv "$repository" taken
exits 4 y v verify
is "found" git.missing "$(y v --json verify | jq -r '.findings[0].code' || true)"
y v rebuild --from store >said
is "the same branches" "$(cat before)" "$(tips "$repository")"
is "whole again" true "$(yj v .ok verify)"

# At the hub, with the township's union.
tips hub/ledgers/DC.git >before
y hub rebuild --from store >said
is "the same branches" "$(cat before)" "$(tips hub/ledgers/DC.git)"
is "kept aside" 2 "$(ls -d hub/ledgers/DC.git.before-* hub/township.git.before-* | wc -l)"
signed hub/township.git hub
is "whole again" true "$(yj hub .ok verify)"
y v case open --title 后来 >said
y v sync >said
y hub hub ingest >said
is "goes on" 4 "$(yj hub length case list)"

# A flipped byte in an object.
object=$(git -C "$repository" for-each-ref --format='%(objectname)' refs/heads/log | head -n1)
mkdir packs
mv "$repository"/objects/pack/* packs
for pack in packs/*.pack; do git -C "$repository" unpack-objects -q <"$pack"; done
file=$repository/objects/${object:0:2}/${object:2}
[ -f "$file" ] || fail "no loose object $object"
chmod u+w "$file"
printf '\377' | dd of="$file" bs=1 seek=10 conv=notrunc status=none
exits 4 y v verify
exits 4 y v ledger verify
y v rebuild --from store >said
is "whole again" true "$(yj v .ok verify)"

# The case tables are not what the records say: found, and made anew.
sqlite3 v/yizhan.db "UPDATE cases SET title='改过的'"
exits 4 y v verify
exits 0 y v ledger verify
y v rebuild --from ledger >said
is "whole again" true "$(yj v .ok verify)"
is "title" "事 1" "$(yj v '.[-1].title' case list)"

# A record's words changed behind our back.
sqlite3 v/yizhan.db "UPDATE content SET bytes = replace(bytes, '事 2', '事 9')"
exits 4 y v verify

# Where too few files may be open nothing is called damaged that is not.
y hub --json verify >whole
is "the hub is whole" true "$(jq .ok whole)"
for most in 7 8 9 10 11 12 13 14; do
  status=0
  (ulimit -n "$most" && exec "$YIZHAN" --dir hub verify >said 2>&1) || status=$?
  [ "$status" != 4 ] || fail "with $most files: $(cat said)"
done

# A store that is no store.
cp -r v w
head -c 8192 /dev/urandom | dd of=w/yizhan.db conv=notrunc status=none
exits 4 y w verify
