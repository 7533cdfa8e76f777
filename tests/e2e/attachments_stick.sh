#!/bin/bash
# Attachments by stick, in backups, after restoring, after a rebuild; damaged, forged, erased.
. "$(dirname "$0")/lib.sh"
. "$ROOM/attachments_lib.sh"
"$PYTHON" -c 'import nacl' 2>/dev/null || exit 77

# whole NODE CASE N FILE: that attachment is this file there.
whole() {
  rm -f whole
  y "$1" case attachment "$2" "$3" -o whole >said || fail "$2 $3 at $1"
  same whole "$4"
}

township 2
visit v1 v2
number=$(opens v1 路灯不亮)
photo a.jpg 800000
y v1 case attach "$number" a.jpg >said

# By stick, in files smaller than it; its courier can read nothing.
mkdir stick
y v1 --json parcel write stick --max 500000 >written
is "files" true "$(jq '.parcels | length > 1' written)"
is "on the stick, and not there" 4 "$(yj v1 .pieces_pending status)"
y v1 status >said
grep -q 'not known to have: 4' said || fail "status: $(cat said)"
# Pieces lie behind all else, so that who takes the pack in needs not hold all of it.
mkdir whole_one && y v1 parcel write whole_one >said
y hub parcel open whole_one/*.YZP -o x.bundle >said
cp -r hub/ledgers/V1.git x.git && git -C x.git bundle unbundle ../x.bundle >said
git -C x.git verify-pack -v "$(cd x.git && ls -S objects/pack/*.pack | head -1)" |
  awk 'NF >= 5 && length($1) == 40 { print $5, ($2 == "blob" && $3 > 10000 ? "piece" : "other") }' |
  sort -n | cut -d ' ' -f 2 | uniq >order
is "pieces at the end alone" 'other piece' "$(paste -sd ' ' order)"
rm -r whole_one x.*
y hub --json parcel read stick --reply >answer
is "by stick" 4/4 "$(here hub "$number")"
whole hub "$number" 1 a.jpg
y v1 parcel read stick >said
is "nothing to go" 0 "$(yj v1 .pieces_pending status)"
clean hub v1
rm stick/*
is "once is enough" 0 "$(yj v1 '.parcels | length' parcel write stick)"

# A backup holds them; what is restored from it has them without a contact, and sends what had not gone.
photo b.jpg 400000
y v1 case attach "$number" b.jpg >said
y v1 backup v1.backup >said
y v1b restore v1.backup >said
whole v1b "$number" 1 a.jpg
whole v1b "$number" 2 b.jpg
is "no piece lies in the store" 0 "$(sqlite3 v1b/yizhan.db 'SELECT count(*) FROM piece')"
is "and none where it was put together" "" "$(find v1b -name restoring)"
mv v1 v1.lost
mv v1b v1
visit v1
is "from the restored one" "4/4 2/2" "$(here hub "$number")"
whole hub "$number" 2 b.jpg
clean hub v1

# A piece that was changed, or is gone, is found, not given out, and taken from git again.
piece=$(find v1/pieces -type f | sort | head -1)
printf x | dd of="$piece" bs=1 seek=100 conv=notrunc status=none
exits 4 y v1 verify
grep -q "$(basename "$piece")" said || fail "said: $(cat said)"
for n in 1 2; do y v1 case attachment "$number" $n -o out$n >said 2>&1 || true; done
[ "$(ls out1 out2 2>/dev/null | wc -l)" = 1 ] || fail "a changed piece was given out"
y v1 rebuild --from ledger >said 2>&1 || fail "rebuild: $(cat said)"
whole v1 "$number" 1 a.jpg
whole v1 "$number" 2 b.jpg
clean v1
rm -r v1/ledgers
y v1 rebuild --from store >said 2>&1 || fail "rebuild: $(cat said)"
clean v1
visit v1
clean hub v1

# The second reader finds the same in the repository.
"$PYTHON" -B "$YIZHAN_SOURCE_DIR/tests/verifier/verify.py" --hub "$(jq -r .hub v1.json)" hub/ledgers/V1.git >verdict || true
is "what it finds" '[]' "$(jq -c .findings verdict)"
cp -r hub/ledgers/V1.git forged.git
branch=$(git -C forged.git for-each-ref --format='%(refname)' refs/heads/files | head -1)
"$PYTHON" - "$branch" <<'PY'
import sys, forge
store = forge.Store("v1/yizhan.db")
store.node().ssh_file("key")
forge.commit("forged.git", sys.argv[1], {"ab/" + "0" * 62: b"x"}, "key", "pieces 1\n", name=store.node().hex[:16])
PY
"$PYTHON" -B "$YIZHAN_SOURCE_DIR/tests/verifier/verify.py" --hub "$(jq -r .hub v1.json)" forged.git >verdict || true
is "what it finds in a lie" '["piece.hash"]' "$(jq -c '[.findings[].rule] | unique' verdict)"

# Erased with the words: its key is nowhere, nobody is given it, and the next contact is as ever.
key=$(sqlite3 hub/yizhan.db "SELECT json_extract(c.bytes, '\$.key') FROM content c JOIN record r ON r.n=c.record WHERE r.type='case.attach' LIMIT 1")
[ ${#key} = 64 ] || fail "no key: $key"
photo c.jpg 300000
y v1 case attach "$number" c.jpg >said
y v1 erase "$number" --reason 本人要求 >said
visit v1
is "what is only asked to be erased goes all the same" "4/4 2/2 2/2" "$(here hub "$number")"
photo d.jpg 300000
y v1 case attach "$number" d.jpg >said
y hub erase "$number" --reason 本人要求 >said
visit v1
exits 1 y hub case attachment "$number" 1 -o gone
exits 1 y v1 case attachment "$number" 1 -o gone
exits 1 y v1 case attachment "$number" 4 -o gone
[ ! -e gone ] || fail "given out"
rm -f v1/*.before-*
for n in hub v1; do ! grep -rlaF "$key" $n || fail "the key is at $n"; done
visit v1
clean hub v1
