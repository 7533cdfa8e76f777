#!/bin/bash
# Photos, scans and sound on cases: sealed in pieces, after all records, newest case first, checked
# piece by piece; erased with the words; kept by backups; told by what they are, not by their names.
. "$(dirname "$0")/lib.sh"
. "$ROOM/attachments_lib.sh"

# file NAME BYTES HEAD: random bytes that begin so (printf).
file() {
  { printf '%b' "$3"; head -c "$2" /dev/urandom; } | head -c "$2" >"$1"
}
OGG='OggS\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0OpusHead'

township 2
visit v1 v2
number=$(opens v1 路灯不亮)
photo 'photo of the lamp.jpg' 700000
file note.ogg 2983 "$OGG"
printf 'sample-sound-tail' >>note.ogg
file ../x.pdf 100 '%PDF-1.7'
printf 'no photo' >text.jpg
: >empty.png

# What is attached, and what is not.
is "records" 2 "$(yj v1 length case attach "$number" 'photo of the lamp.jpg' note.ogg)"
is "pieces" 4 "$(pieces v1)"
exits 1 y v1 case attach "$number" text.jpg
grep -q 'no photo' said || fail "said: $(cat said)"
exits 1 y v1 case attach "$number" empty.png
exits 1 y v1 case attach "$number" missing.png
ln -s note.ogg link.ogg
exits 1 y v1 case attach "$number" link.ogg
exits 2 y v1 case attach "$number"
is "pieces after refusals" 4 "$(pieces v1)"
is "shown" '["image/jpeg","photo of the lamp.jpg",700000] ["audio/ogg","note.ogg",3000]' \
  "$(yj v1 '[.history[].body | select(.pieces) | tojson | fromjson | [.media, .name, .size] | tojson] | join(" ")' case show "$number")"
is "no key is shown" 0 "$(y v1 --json case show "$number" | grep -c '"key"' || true)"
y v1 case show "$number" >said
grep -q 'attachment 1: photo of the lamp.jpg (image/jpeg, 684 KiB)' said || fail "said: $(cat said)"
y v1 case attachment "$number" 1 -o out.jpg >said
same out.jpg 'photo of the lamp.jpg'
is "mode" 600 "$(stat -c %a out.jpg)"
is "mode of a piece" 600 "$(find v1/pieces -type f -printf '%m\n' | sort -u)"
exits 1 y v1 case attachment "$number" 1 -o out.jpg
exits 1 y v1 case attachment "$number" 3 -o other
exits 1 y v1 case attachment "$number" x -o other
[ ! -e other ] && [ ! -e other.part ] || fail "something was written"
clean v1

is "still to go" 4 "$(yj v1 .pieces_pending status)"

# Killed before its record was written: what it left goes with the next one, or at the next contact, and
# not while somebody is at it.
photo long.jpg 52000000
"$YIZHAN" --dir v1 case attach "$number" long.jpg >said 2>&1 &
attaching=$!
until [ "$(pieces v1)" -gt 9 ]; do kill -0 $attaching || fail "it ended: $(cat said)"; done
kill -KILL $attaching
! wait $attaching 2>/dev/null || fail "it was not killed"
: >v1/pieces/.yz-making.tmp
left=$(pieces v1)
[ "$left" -gt 9 ] || fail "nothing was left"
exec 7>v1/attaching && flock 7
y v1 sync >said
is "while somebody is at it" "$left" "$(pieces v1)"
exec 7>&-
y v1 sync >said
is "what records name" 4 "$(pieces v1)"

# A piece is what its name says, by sha256sum; no word of it is readable.
for f in $(find v1/pieces -type f); do
  is "$f" "$(tr -d / <<<"${f#v1/pieces/}")" "$(sha256sum <"$f" | cut -c1-64)"
done
grep -qaF sample-sound-tail note.ogg
! grep -rlaF sample-sound-tail v1/pieces || fail "a piece is readable"

# By a folder: the records, then the pieces; though no receipt speaks of these, they go again where
# what was there is gone before the hub had it (a disk was).
y v1 sync >said
lost=$(git -C hub/ledgers/V1.git rev-parse "refs/heads/files/$(own v1)")
git -C hub/ledgers/V1.git update-ref -d "refs/heads/files/$(own v1)"
y v1 sync >said
is "the branch that was lost" "$lost" "$(git -C hub/ledgers/V1.git rev-parse -q --verify "refs/heads/files/$(own v1)" || true)"
visit v1
is "at the hub" "3/3 1/1" "$(here hub "$number")"
is "nothing to go" "0 0" "$(yj v1 .pieces_pending status) $(yj hub .pieces_pending status)"
y hub case attachment "$number" 1 -o hub1.jpg >said && same hub1.jpg 'photo of the lamp.jpg'
y hub case attachment "$number" 2 -o hub2.ogg >said && same hub2.ogg note.ogg
clean hub v1
signed hub/ledgers/V1.git hub
own=$(own v1)
git -C hub/ledgers/V1.git ls-tree -r --name-only "files/$own" | tr -d / | sort >names
find v1/pieces -type f -printf '%P\n' | tr -d / | sort >kept
same names kept
is "what it holds" "$(sha256sum <"$(find v1/pieces -type f | head -1)")" \
  "$(git -C hub/ledgers/V1.git cat-file blob "files/$own:$(find v1/pieces -type f -printf '%P\n' | head -1)" | sha256sum)"
before=$(git -C hub/ledgers/V1.git for-each-ref)
visit v1
is "nothing new, nothing sent" "$before" "$(git -C hub/ledgers/V1.git for-each-ref)"

# The hub's own goes to the village.
file scan.png 300000 '\x89PNG\r\n\x1a\n'
y hub case attach "$number" scan.png >said
visit v1
is "at the village" "3/3 1/1 2/2" "$(here v1 "$number")"
y v1 case attachment "$number" 3 -o back.png >said && same back.png scan.png
clean hub v1

# A case that goes to another village takes its attachments along.
y v1 case refer "$number" --to V2 --reason 搬去了二村 >said
visit v1
y hub case assign "$number" --to V2 >said
visit v2
is "at the other village" "3/3 1/1 2/2" "$(here v2 "$number")"
rm -f other.jpg
y v2 case attachment "$number" 1 -o other.jpg >said && same other.jpg 'photo of the lamp.jpg'
file reply.gif 90000 'GIF89a'
y v2 case attach "$number" reply.gif >said
visit v2 v1
is "and back" "3/3 1/1 2/2 1/1" "$(here v1 "$number")"
y v1 case attachment "$number" 4 -o reply.back >said && same reply.back reply.gif
clean hub v1 v2

# The largest there may be, and one byte more.
photo big.jpg 52428800
{ cat big.jpg; echo -n x; } >bigger.jpg
exits 1 y v1 case attach "$number" bigger.jpg
y v1 case attach "$number" big.jpg >said
visit v1
is "all of it" 200/200 "$(here hub "$number" | grep -o '[^ ]*$')"
y hub case attachment "$number" 5 -o big.back >said && same big.back big.jpg

# What somebody says that a file is does not count: this one says it is a photo.
is "what it says itself" image/gif "$(yj v1 '[.history[].body | select(.pieces)][3].media' case show "$number")"
