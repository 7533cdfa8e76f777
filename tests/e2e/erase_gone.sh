#!/bin/bash
# What people said to a node that is gone: the hub takes it away in its place. What others said there
# stays readable, also for who comes later; the gone node's key opens nothing of what was erased in
# anything that is left, and its old keys bring nothing back.
. "$(dirname "$0")/lib.sh"
. "$ROOM/hunt_lib.sh"

# What a thief has of a node: its box key, and nothing else.
key_of() {
  local key
  key=$(sqlite3 "$1/yizhan.db" "SELECT hex(value) FROM secret WHERE name='node.box'")
  mkdir -p "$2"
  sqlite3 "$2/yizhan.db" "CREATE TABLE secret(name, value); CREATE TABLE batch_key(key);
    CREATE TABLE file(bytes); CREATE TABLE worker(sealed, locked); CREATE TABLE record(line);
    CREATE TABLE content(bytes); CREATE TABLE refused(bytes); INSERT INTO secret VALUES('node.box', x'$key')"
}

township 1
visit v1
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json --worker 另一台 >said
visit p v1 p
number=$(yj p .case case open --title 样例甲的事 --text 样例甲说的秘密 --resident 样例某甲 --phone 55501234)
other=$(yj p .case case open --title 样例乙的事 --text 样例乙说的另一件)
visit p v1
y p case note "$other" --text 样例乙补充的话 >said
visit p v1 p
held 样例甲说的秘密 v1; held 样例甲说的秘密 hub
key_of p stolen
cp -a hub/ledgers/V1.git before.git

# It is gone for good: the hub says so.
node=$(sqlite3 p/yizhan.db "SELECT lower(hex(node)) FROM log WHERE id=(SELECT own FROM ledger WHERE joined=1)")
mv p p.gone
y hub hub roster revoke V1 "$node" >said
visit v1
is "erased" 1 "$(yj hub .ledgers erase "$number" --reason 本人要求)"
is "the hub did it for that one" "" "$(yj hub '[.[] | select(.revoked) | .code] | join(" ")' hub erasures)"
is "the other words are there" 样例乙说的另一件 "$(yj hub .text case show "$other")"
clean hub
visit v1
visit v1
is "nobody has not" 0 "$(yj hub length hub erasures)"
for n in hub v1; do
  gone "样例甲说的秘密 样例某甲 55501234" $n stolen
  is "the others' words at $n" 样例乙说的另一件 "$(yj $n .text case show "$other")"
  is "nothing waits at $n" 0 "$(yj $n .waiting status)"
done
clean hub v1

# A second reader of the format sees no fault in it.
sqlite3 hub/yizhan.db "SELECT lower(hex(value)) FROM secret WHERE name='node.box'" >box
"$PYTHON" -B "${YIZHAN_SOURCE_DIR:?}/tests/verifier/verify.py" --hub "$(jq -r .hub pc.json)" --box box \
  hub/ledgers/V1.git >verdict || fail "the verifier: $(cat verdict)"

# Who comes later reads what is left, and nothing else.
y hub hub invite --pc V1 -o pc2.json >said
y q join pc2.json --worker 第三台 >said
visit q v1 q
is "at a new PC" 样例乙说的另一件 "$(yj q .text case show "$other")"
is "erased there" "null 本人要求" "$(yj q '"\(.title) \(.erased.reason)"' case show "$number")"
is "nothing waits there" 0 "$(yj q .waiting status)"
gone 样例甲说的秘密 q stolen
clean hub v1 q

# Its branches from before, pushed into the hub's repository once more.
key=$(git -C before.git for-each-ref --format='%(refname)' refs/heads/keys | while read -r r; do
  if [ "$(git -C before.git log -1 --format=%ae "$r")" = "${node:0:16}@yizhan.invalid" ]; then echo "$r"; fi; done)
tip=$(git -C hub/ledgers/V1.git rev-parse "$key")
git -C before.git push -q --force "$HERE/hub/ledgers/V1.git" "$key"
visit v1
is "keys/ stand where they stood" "$tip" "$(git -C hub/ledgers/V1.git rev-parse "$key")"
[[ $(rules V1) == *keys.epoch* ]] || fail "rules: $(rules V1)"
y hub sync >said 2>&1 || true
gone 样例甲说的秘密 v1 q stolen
gone 样例甲说的秘密 hub stolen

# A second one: the rest of that batch.
y hub erase "$other" --reason 本人要求 >said
visit v1 q v1
for n in hub v1 q; do gone "样例乙说的另一件 样例乙补充的话 样例甲说的秘密" $n stolen; done
is "nobody has not" 0 "$(yj hub length hub erasures)"
clean hub v1 q

# Either side is made again from the other.
for n in v1 hub; do
  y $n rebuild --from store >said
  y $n rebuild --from ledger >said
  clean $n
  gone 样例甲说的秘密 $n stolen
done
visit v1
clean hub v1
