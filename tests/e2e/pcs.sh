#!/bin/bash
# More PCs of one village: in place of a lost one, and beside one that goes on; open cases
# and history come down to the new one, with their words.
. "$(dirname "$0")/lib.sh"
"$PYTHON" -c 'import nacl' 2>/dev/null || exit 77

whole() { yj "$1" "$LIST" case list --limit 0; }
words() { yj "$1" '[.text, (.history | map(.fields // .text // ""))] | tostring' case show "$2"; }
# sums REPOSITORY: what its branches are.
sums() { git -C "$1" for-each-ref --format='%(refname) %(objectname)' refs/heads; }

township 2
exits 1 y hub hub invite --pc V1 -o early.json
grep -q 'not joined yet' said || fail "said: $(cat said)"
visit v1 v2
for round in 1 2 3; do
  for i in 1 2 3 4 5 6 7 8 9 10; do opens v1 "第${round}轮第${i}件" >>numbers; done
  visit v1
done
sed -n 4p numbers >note
y hub case note "$(cat note)" --text 镇里记的话 >said
visit v1
opens v1 只在丢失的电脑上 >said
rm -rf v1

# What asks for too much, and what is named already.
exits 2 y hub hub invite --pc V1 --village 村1 -o x.json
exits 2 y hub hub invite --pc V1 --ledger . -o x.json
exits 2 y hub hub invite -o x.json
exits 1 y hub hub invite --pc XX -o x.json
exits 1 y v2 hub invite --pc V1 -o x.json
[ ! -e x.json ] || fail "a refused invitation left a file"
is "letter" B "$(yj hub .letter hub invite --pc v1 -o pc.json)"
is "the ledger" "$(jq -r .ledger v1.json)" "$(jq -r .ledger pc.json)"
is "the next letter" C "$(yj hub .letter hub invite --pc 村1 -o pc2.json)"
is "the same again" "true C" "$(yj hub '"\(.already) \(.letter)"' hub invite --pc V1 -o pc2.json)"

# In place of the lost one: before the hub has met it nothing opens, then all does.
y p join pc.json --worker 新电脑 >said
y p sync >said
is "nothing is readable yet" 0 "$(yj p length case list)"
y hub hub ingest >said
y p sync >said
is "cases" 30 "$(yj p length case list --limit 0)"
is "as at the hub" "$(whole hub)" "$(whole p)"
for n in $(sed -n '1p;4p;17p;30p' numbers); do is "words of $n" "$(words hub "$n")" "$(words p "$n")"; done
y p case show "$(cat note)" >said
grep -q 镇里记的话 said || fail "the hub's word did not come down"
is "found by its words" 1 "$(yj p length case list --search 第2轮第7件)"
clean hub p
number=$(opens p 新电脑上的事)
[[ $number == V1B-* ]] || fail "number: $number"
y p case resolve "$(sed -n 9p numbers)" --text 接着办了 >said
visit p
is "pending" "0 0" "$(yj p '"\(.pending) \(.waiting)"' status)"
is "the hub sees it" resolved "$(yj hub .state case show "$(sed -n 9p numbers)")"
is "as at the hub" "$(whole hub)" "$(whole p)"

# Nothing is new: nothing is wrapped again.
visit p
before=$(sums hub/ledgers/V1.git)
visit p
is "what the branches hold" "$before" "$(sums hub/ledgers/V1.git)"

# One of the village lies to who comes next: keys that are none, for what the lost one wrote.
# Nothing is gained: what does not open is passed over.
y hub hub invite --pc V1 -o pc3.json >said
y r join pc3.json --worker 骗子 >said
visit r
y q join pc2.json --worker 第三台 >said
FIRST=$(sqlite3 hub/yizhan.db "SELECT lower(hex(id)) FROM log WHERE hub=0 ORDER BY n LIMIT 1")
cat >lie.py <<'PY'
import base64, os, sqlite3, sys
import forge
from nacl.public import PrivateKey, PublicKey, SealedBox
repository, first, log, liar, victim = sys.argv[1:]
box = bytes(PrivateKey(forge.Store(victim).secret("node.box")).public_key)
node = forge.Store(liar).node()
node.ssh_file("liar")
files = {}
for (n,) in sqlite3.connect(liar).execute(
        "SELECT first FROM segment WHERE log=(SELECT n FROM log WHERE id=?)", (bytes.fromhex(first),)):
    key = base64.b64encode(SealedBox(PublicKey(box)).encrypt(os.urandom(32))).decode()
    files[f"{first}/{forge.path_of(n, 'json')}"] = b"no keys file" if n % 2 == 0 else forge.compact(
        {"keys": 1, "log": first, "first": n, "batches": {"village": {"to": {box.hex()[:16]: key}}}}) + b"\n"
assert len(files) > 3
forge.commit(repository, f"refs/heads/keys/{log}", files, "liar", message="keys\n", name=node.hex[:16])
PY
"$PYTHON" lie.py hub/ledgers/V1.git "$FIRST" "$(own r)" r/yizhan.db q/yizhan.db

# A third beside one that lives: all three show the same, whoever wrote it.
opens q 第三台的事 >said
visit q p
git -C hub/ledgers/V1.git ls-tree -r --name-only "keys/$(own r)" >listed
grep -q "^$FIRST/" listed || fail "the lie was not taken in"
visit q p
opens p 又一件 >said
y q case note "$(cat note)" --text 第三台记 >said
visit q p
visit q p
is "at the second" "$(whole hub)" "$(whole p)"
is "at the third" "$(whole hub)" "$(whole q)"
is "cases" 33 "$(yj q length case list --limit 0)"
is "nothing lies apart" "" "$(rules V1)"
clean hub p q

# Either side is made from the other again, byte for byte.
before=$(sums hub/ledgers/V1.git)
mv hub/ledgers/V1.git gone.git
y hub rebuild --from store >said
is "rebuilt" "$before" "$(sums hub/ledgers/V1.git)"
clean hub
signed hub/ledgers/V1.git hub

# What was wrapped anew is checked by the second reader too, with the new PC's box key.
"$PYTHON" -c 'import forge, sys; print(forge.Store(sys.argv[1]).secret("node.box").hex())' q/yizhan.db >box
"$PYTHON" "$YIZHAN_SOURCE_DIR/tests/verifier/verify.py" --hub "$(jq -r .hub pc.json)" --box box \
  hub/ledgers/V1.git >verdict || true
is "what it looked at" true "$(jq '.records > 40' verdict)"
is "what it finds" '[]' "$(jq -c '[.findings[] | select(.log != "'"$(own r)"'")]' verdict)"

# Below its own log's id a node's keys/ branch has nothing.
"$PYTHON" - "$(own r)" <<'PY'
import sys, forge
log = sys.argv[1]
forge.commit("hub/ledgers/V1.git", f"refs/heads/keys/{log}", {f"{log}/1/1.json": b"x\n"}, "liar",
             message="keys\n", name=forge.Store("r/yizhan.db").node().hex[:16])
PY
y hub hub ingest >said
is "refused" commit.tree "$(rules V1)"
echo "a new PC has all that its village wrote"
