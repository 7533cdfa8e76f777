#!/bin/bash
# Who somebody is, sealed apart in a township: the hub reads it; a PC that joins later does, once one of
# its workers has given a passphrase; one that left, or a worker, gets no new key; another village to
# which a case goes, and the hub's successor, read what comes to them; it is erased with the words. At
# no village is it there for who has no passphrase.
. "$(dirname "$0")/lib.sh"
. "$ROOM/identity_lib.sh"

WORDS="靐龘某甲 55501234 龘甲户 靐龘某乙 55509999 靐龘某丙 靐龘某丁"
# A village whose worker has a passphrase.
locked() {
  y hub hub invite --village "村$1" --code "V$1" -o "v$1.json" >/dev/null
  k "v$1" join "v$1.json" --worker "干部$1" >/dev/null
}
who() { kj "$1" '"\(.resident) \(.phone) \(.household)"' case show "$2"; }

y hub --json hub init --township 青山镇 --code QSZ --worker 老书记 >made
jq -r .recovery_key made >paper

# A village that worked alone brings what it sealed; the hub reads it once a worker has given it the key.
k v1 init --village 村1 --code V1 --worker 干部1 >said
number=$(kj v1 .case case open --title 路灯不亮 --resident 靐龘某甲 --phone 55501234 --household 龘甲户)
k v1 household add 龘甲户 --people 靐龘某甲 >said
y hub hub invite --village 村1 --code V1 -o v1.json >said
k v1 join v1.json >said
visit v1
is "not yet at the hub" "true null" "$(yj hub '"\(.sealed) \(.resident)"' case show "$number")"
k v1 case list >said
visit v1
is "at the hub" "false 靐龘某甲 55501234" "$(yj hub '"\(.sealed) \(.resident) \(.phone)"' case show "$number")"
is "its lists" '靐**' "$(yj hub '.[].resident' case list)"
is "found there" "$number" "$(yj hub '.[].case' case list --who 55501234)"
is "the household there" "龘** 1" "$(yj hub '.[] | "\(.name) \(.open_cases)"' household list)"
held 靐龘某甲 hub
gone "$WORDS" v1
clean v1 hub

# What the hub writes is sealed too, and read at the village.
y hub case edit "$number" --phone 55509999 >said
visit v1
gone "$WORDS" v1
is "by the hub" "靐龘某甲 55509999 龘甲户" "$(who v1 "$number")"

# Another PC of the village reads what was before, though the first does nothing more.
y hub hub invite --pc V1 -o pc.json >said
k p join pc.json --worker 另一台 >said
y p sync >said; y hub hub ingest >said; y p sync >said
gone "$WORDS" p
is "sealed there" "true null" "$(yj p '"\(.sealed) \(.resident)"' case show "$number")"
is "opened there" "靐龘某甲 55509999 龘甲户" "$(who p "$number")"
second=$(kj p .case case open --title 另一台记的 --resident 靐龘某乙 --household 龘甲户)
visit p v1
is "at the first" "靐龘某乙 null 龘甲户" "$(who v1 "$second")"
is "both of the household" 2 "$(kj v1 '.cases | length' household show 龘甲户)"
is "nothing waits" "0 0 0" "$(yj v1 .waiting status) $(yj p .waiting status) $(yj hub .waiting status)"

# Said apart, and settled on one of the two.
k v1 case edit "$second" --phone 55501234 >said
k p case edit "$second" --phone 55509999 >said
visit v1 p v1
is "apart" "55501234 55509999" "$(kj v1 '.conflicts[] | select(.field == "phone") | [.values[].value] | sort | join(" ")' case show "$second")"
k v1 case settle "$second" --field phone --value 55501234 >said
exits 1 k v1 case settle "$second" --field phone --value 1234
visit v1 p
is "settled" "55501234 0" "$(kj p '"\(.phone) \(.conflict_count)"' case show "$second")"
gone "$WORDS" v1 p

# The second PC leaves: what is sealed from now on is sealed under a key that its worker never gets.
keys() { sqlite3 "$1/yizhan.db" 'SELECT count(DISTINCT key) FROM identity'; }
before=$(keys v1)
node=$(yj p .node status)
y hub hub roster revoke V1 "$(yj hub '[.[] | select(.node | startswith("'"$node"'"))][0].node' hub roster list --village V1)" >said
visit v1
third=$(kj v1 .case case open --title 其后 --resident 靐龘某丙)
visit v1
is "another key" $((before + 1)) "$(keys v1)"
is "the hub reads it" 靐龘某丙 "$(yj hub .resident case show "$third")"
box=$("$PYTHON" - "$(sqlite3 p/yizhan.db 'SELECT lower(hex(key)) FROM worker')" <<'END'
import sys
from nacl import bindings
print(bindings.crypto_sign_ed25519_pk_to_curve25519(bytes.fromhex(sys.argv[1])).hex()[:16])
END
)
is "who left held the old one" 1 "$(sqlite3 hub/yizhan.db "SELECT count(*) > 0 FROM identity WHERE lower(hex(box))='$box'")"
is "and has none of the new one" 0 \
  "$(sqlite3 hub/yizhan.db "SELECT count(*) FROM identity WHERE lower(hex(box))='$box' AND key=(SELECT key FROM identity ORDER BY record DESC LIMIT 1)")"

# To another village, and back.
locked 2
visit v2
y hub case assign "$number" --to V2 >said
y hub hub ingest >said
visit v2 v1
gone "$WORDS" v1 v2
is "at the other village" "靐龘某甲 55509999 龘甲户" "$(who v2 "$number")"
k v2 case edit "$number" --resident 靐龘某丁 >said
visit v2 v1
is "and back" "靐龘某丁 55509999 龘甲户" "$(who v1 "$number")"
gone "$WORDS" v1 v2
# What people bring to the township itself comes sealed where a village seals.
own=$(yj hub .case hub case open --village V1 --title 镇里记的 --resident 靐龘某乙 --phone 55501234)
y hub case assign "$own" --to V1 >said
y hub hub ingest >said
visit v1
gone "$WORDS" v1
is "from the township" "靐龘某乙 55501234 null" "$(who v1 "$own")"

# By stick; and made anew from what the repositories have.
mkdir stick
fourth=$(kj v2 .case case open --title 用盘送的 --resident 靐龘某丙)
y v2 parcel write stick >said
y hub parcel read stick --reply >said
y v2 parcel read stick >said
is "by stick" 靐龘某丙 "$(yj hub .resident case show "$fourth")"
y v1 rebuild --from ledger >said
gone "$WORDS" v1
is "made anew" "靐龘某丁 55509999 龘甲户" "$(who v1 "$number")"
clean v1 v2 hub
"$PYTHON" "$ROOM/../verifier/verify.py" --hub "$(jq -r .hub v1.json)" "hub/ledgers/V1.git" >verdict || fail "verifier: $(cat verdict)"

"$PYTHON" "$YIZHAN_SOURCE_DIR/tests/judge/judge.py" "$YIZHAN" v1 v2 hub || fail "a plain calculation gives another result"

# Erased everywhere, sealed or not.
sealed=$(sqlite3 v1/yizhan.db "SELECT json_extract(bytes, '\$.sealed.resident') FROM content WHERE bytes LIKE '%另一台记的%'")
[ -n "$sealed" ] || fail "nothing was sealed"
y hub erase "$second" --reason 本人要求 >said
visit v1
visit v1
for n in v1 hub; do
  is "erased at $n" "false null" "$(kj $n '"\(.sealed) \(.resident)"' case show "$second")"
  "$PYTHON" "$ROOM/hunt.py" "$sealed" "$n" >hunted || fail "what was sealed is left at $n: $(cat hunted)"
done
clean v1 hub

# The hub is gone: its successor reads what was sealed to it, and what comes.
mv hub lost
late=$(kj v2 .case case open --title 换站时 --resident 靐龘某乙)
y new hub recover lost/ledgers/V1.git lost/ledgers/V2.git --township 青山镇 --code QSZ --worker 新书记 --recovery-key-file paper >said
for n in v1 v2; do y $n ledger move "$HERE/lost/ledgers/V${n#v}.git" >said; done
for i in 1 2 3; do
  for n in v1 v2; do y $n sync >said; done
  y new hub ingest >said
done
is "read by the successor" "靐龘某丁 靐龘某乙" "$(yj new .resident case show "$number") $(yj new .resident case show "$late")"
after=$(kj v1 .case case open --title 换站后 --resident 靐龘某丙)
y v1 sync >said; y new hub ingest >said
is "and what came after" 靐龘某丙 "$(yj new .resident case show "$after")"
gone "$WORDS" v1 v2
clean v1 v2 new
