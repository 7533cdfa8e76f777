#!/bin/bash
# Parcels that are split, skipped, doubled, damaged, late, foreign or of someone who was revoked:
# nothing is lost, nothing wrong is taken in, and one sentence says what is the matter.
. "$(dirname "$0")/lib.sh"

mkdir stick
# reads STATUS NODE PATH...: the answer is in $HERE/read, what was said beside in $HERE/noted.
reads() {
  local status=0 expected=$1 node=$2
  shift 2
  y "$node" --json parcel read "$@" >"$HERE/read" 2>"$HERE/noted" || status=$?
  is "status of reading at $node ($(cat "$HERE/noted"))" "$expected" "$status"
}
of_read() { jq -r "$1" "$HERE/read"; }
states() { of_read '[.parcels[].state] | unique | join(" ")'; }
# rows N: so many cases with words that cannot be packed small.
rows() {
  "$PYTHON" - "$1" <<'END'
import json, random, sys
chance = random.Random(int(sys.argv[1]))
for i in range(int(sys.argv[1])):
    print(json.dumps({"title": f"Sample {i}", "text": chance.randbytes(9000).hex()}))
END
}

township 2
rows 24 >rows.jsonl
y v1 case import rows.jsonl >said
is "a village writes to its hub alone" 2 "$(y v1 parcel write stick --to V2 >said 2>&1; echo $?)"
exits 2 y v1 parcel write stick --max 12
y v1 parcel write stick --max 128K >said
pieces=$(ls stick | wc -l)
[ "$pieces" -gt 2 ] || fail "split into $pieces"
is "none is larger" 0 "$(find stick -size +128k | wc -l)"

# The pieces one by one, the last first: each waits here for those before it. Which comes before
# which is in the heads of the bundles: what a piece stands on ("-OID") is what another brings.
yj nobody '.[].file' parcel list stick >names
for f in $(cat names); do
  y hub parcel open "stick/$f" -o one.bundle >/dev/null
  sed -n "/^\$/q; s/^-\([0-9a-f]*\).*/\1 $f/p" one.bundle >>stood
  git bundle list-heads one.bundle | sed "s/ .*/ $f/" >>brought
  rm one.bundle
done
order=$({
  sed 's/.* \(.*\)/\1 \1/' brought stood
  join -o 2.2,1.2 <(sort stood) <(sort brought)
} | tsort | tac)
early=0
for f in $order; do
  reads 0 hub "stick/$f"
  [ "$(of_read '.parcels[] | select(.file == "'"$f"'") | .state')" != early ] || early=$((early + 1))
  rm "stick/$f"
done
[ "$early" -gt 0 ] || fail "no piece came too early"
is "cases at the hub" 24 "$(yj hub length case list --limit 0)"
is "nothing waits any more" 0 "$(ls hub/parcels 2>/dev/null | wc -l)"
reads 0 hub stick --reply
is "no answer to no parcel" 0 "$(of_read '.reply | length')"
y hub parcel write stick --to V1 >said
reads 0 v1 stick
well v1 V1

# One that is skipped costs nothing, a stale one neither, and the same one twice is one.
rm stick/*
opens v1 第一 >said
y v1 parcel write stick >said
mkdir lost
mv stick/* lost
opens v1 第二 >said
y v1 parcel write stick >said
cp stick/*.YZP stick/copy.yzp
reads 0 hub stick
is "taken, and known" "known taken" "$(states)"
is "both" 2 "$(of_read .accepted)"
reads 0 hub lost
is "the stale one" known "$(states)"

# By link first, then by stick.
rm stick/* lost/*
opens v2 路上 >said
visit v2
opens v2 盘上 >said
y v2 parcel write stick >said
reads 0 hub stick --reply
is "after the link" "taken 1" "$(states) $(of_read .accepted)"
reads 0 v2 stick
well v2 V2

# Damaged: cut short, bits turned.
rm stick/*
opens v1 要紧 >said
y v1 parcel write stick >said
whole=$(echo stick/*.YZP)
mkdir harm
for how in cut 'bits 0 12' 'seeded 120'; do
  # shellcheck disable=SC2086
  "$PYTHON" "$ROOM/harm.py" "$whole" harm $how >/dev/null
  is "$how: listed as whole" 0 "$(yj nobody '[.[] | select(.state == "whole")] | length' parcel list harm)"
  reads 1 hub harm
  is "$how: taken in" "failed 0" "$(states) $(of_read .accepted)"
  is "$how: all say why" true "$(of_read 'all(.parcels[]; .error.code | IN("damaged", "format"))')"
  is "$how: one sentence each" "$(ls harm | wc -l)" "$(wc -l <noted)"
  rm harm/*
done

# Of another township; of a ledger that is not here; opened by nobody else.
y other hub init --township 别镇 --code BZ >/dev/null
reads 0 other stick
is "elsewhere" "others 0" "$(states) $(of_read .accepted)"
reads 0 v2 stick
is "in the other village" "others 0" "$(states) $(of_read .accepted)"
exits 1 y other parcel open "$whole" -o no.bundle
is "no bundle" no "$([ -e no.bundle ] && echo yes || echo no)"

# Foreign files and hostile names: left as they are, links not followed, devices and what nobody writes into
# not opened, nor a file read for days that is all hole.
mkdir "stick/D.YZP"
"$PYTHON" -c 'import socket; socket.socket(socket.AF_UNIX).bind("stick/S.YZP")'
head -c 700 "$whole" >stick/HOLE.YZP
truncate -s 900G stick/HOLE.YZP
mknod stick/DEVICE.YZP c 1 5 2>/dev/null || echo "no device can be made here: that it is not opened is not shown"
ln -s /etc/passwd stick/L.YZP
ln -s "$whole" stick/M.YZP
mkfifo stick/F.YZP
for f in D F L M S DEVICE HOLE; do [ ! -L "stick/$f.YZP" ] && [ ! -e "stick/$f.YZP" ] || echo "$f.YZP"; done >odd
echo 'no parcel' >stick/TEXT.YZP
: >stick/EMPTY.YZP
echo x >"stick/$(printf '\033[31mred\nline').YZP"
echo x >"stick/-rf .YZP"
for i in $(seq 3000); do : >"stick/照片$i.jpg"; done
ls -lR stick >before
y hub parcel read stick >said 2>noted && fail "junk by the name of a parcel is passed over in silence"
ls -lR stick >after
cmp before after || fail "foreign files are not as they were"
is "taken in" 1 "$(grep -c 'taken in' said)"
is "control characters" 0 "$(grep -c $'\033' noted said | cut -d: -f2 | paste -sd+ | bc)"
is "no parcels" 4 "$(grep -c 'This is no parcel' noted)"
is "damaged" 1 "$(grep -c 'HOLE.YZP: This parcel was damaged' noted)"
is "no files" "$(grep -vc HOLE odd)" "$(grep -cF "$(sed '/HOLE/d; s/.*/&: This is no file but/' odd)" noted)"
y hub parcel list stick >listed 2>noted
is "listed as unread" "$(grep -vc HOLE odd)" "$(grep -cF "$(sed '/HOLE/d; s/.*/&  unread/' odd)" listed)"
is "listed as broken" 1 "$(grep -c '^HOLE.YZP  broken' listed)"
well_at_hub=$(yj hub length case list --limit 0)

# Of a node that the township has revoked: nothing.
rm -r stick
mkdir stick
opens v2 之后 >said
y v2 parcel write stick >said
y hub hub roster revoke V2 "$(sqlite3 v2/yizhan.db "SELECT lower(hex(node)) FROM log WHERE own=1 LIMIT 1")" >said
reads 1 hub stick --reply
is "of one who was revoked" "failed refused 0 0" \
  "$(states) $(of_read '.parcels[0].error.code') $(of_read .accepted) $(of_read '.reply | length')"
is "nothing new at the hub" "$well_at_hub" "$(yj hub length case list --limit 0)"
clean hub v1 v2
echo "nothing was lost, and nothing wrong taken in"
