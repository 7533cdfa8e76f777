#!/bin/bash
# What is said for the township alone: sealed where it is typed, to the hub and no other. No key that
# the village holds opens it in any object, page or file; the hub reads it, its successor too, and it
# can be erased.
. "$(dirname "$0")/lib.sh"
. "$ROOM/hunt_lib.sh"

WORDS="靐龘秘密 样例某甲 55501234 样例甲户 村口仓库 扰民类"
kept_from() { # NODE...
  local n
  for n in "$@"; do gone "$WORDS" "$n"; done
}
# Nothing that a command of this node prints says it.
silent() {
  local n=$1 word
  y "$n" case list --limit 0 >told
  for word in $WORDS; do
    is "found at $n by $word" 0 "$(yj "$n" length case list --search "$word")"
  done
  for c in "case show $number" "case show $number --json" "case list --json --limit 0" "export --format jsonl" \
    "export --format csv" "stats --json" "status --json" "log --content"; do
    # shellcheck disable=SC2086
    y "$n" $c >>told 2>&1 || fail "$c at $n: $(tail -3 told)"
  done
  for word in $WORDS; do ! grep -q "$word" told || fail "$n tells $word: $(grep "$word" told | head -3)"; done
}

# A village alone has nobody to seal it to.
y alone init --village 独村 --code DC --worker 干部 >said
exits 1 y alone case open --title 样例 --township-only
grep -q 'no township yet' said || fail "said: $(cat said)"
is "and nothing was recorded" 0 "$(yj alone length case list)"

y hub --json hub init --township 青山镇 --code QSZ --worker 老书记 >made
jq -r .recovery_key made >paper
mkdir share stick
git init -q --bare share/V1.git
village 1 --ledger "$HERE/share/V1.git"
village 2
for i in 1 2 3; do opens v1 "平常的事$i" >>usual; done
number=$(yj v1 .case case open --township-only --title 靐龘秘密之一 --text '村干部占了村口仓库 靐龘秘密' --category 扰民类 \
  --resident 样例某甲 --phone 55501234 --household 样例甲户)
kept_from v1
silent v1
y v1 case note "$number" --text '他又来说了靐龘秘密' >said
{ printf '\xff\xd8\xff\xe0'; for i in $(seq 3000); do printf '靐龘秘密 样例某甲 %s' "$i"; done; } >photo.jpg
y v1 case attach "$number" photo.jpg >said
exits 1 y v1 case attachment "$number" 1 -o again.jpg
opens v1 平常的事4 >>usual
kept_from v1
is "flag" township-only "$(yj v1 '.flags | join(" ")' case show "$number")"
y v1 case list >said
grep -q "$number.*for the township alone" said || fail "listed: $(cat said)"
is "listed by it" "$number" "$(yj v1 '.[].case' case list --flag township-only)"
is "no title" null "$(yj v1 .title case show "$number")"
y v1 case show "$number" >said
grep -q 'township alone' said || fail "shown: $(cat said)"
clean v1
y v1 backup v1.backup >said

# Another PC of the village, and the hub.
visit v1
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json --worker 另一台 >said
visit p v1 p
kept_from v1 p
silent v1; silent p
for n in v1 p; do is "nothing waits at $n" 0 "$(yj $n .waiting status)"; done
is "read at the hub" "靐龘秘密之一 样例某甲 55501234 township-only" \
  "$(yj hub '"\(.title) \(.resident) \(.phone) \(.flags | join(" "))"' case show "$number")"
is "found at the hub" "$number" "$(yj hub '.[].case' case list --search 靐龘秘密)"
is "its note" 1 "$(yj hub '[.history[] | select(.body.text? == "他又来说了靐龘秘密")] | length' case show "$number")"
y hub case attachment "$number" 1 -o at_hub.jpg >said
cmp photo.jpg at_hub.jpg || fail "the photo at the hub"
exits 1 y p case attachment "$number" 1 -o again.jpg
! grep -rqa '靐龘秘密' v1/pieces p/pieces || fail "a piece can be read"
is "the usual ones too" 4 "$(yj p '[.[] | select(.title != null and (.title | startswith("平常的事")))] | length' case list --limit 0)"
clean v1 p hub

# What the hub says of it is sealed likewise; it goes to no village.
y hub case note "$number" --text '镇里记下靐龘秘密' >said
exits 1 y hub case assign "$number" --to V2
grep -q 'for the township alone' said || fail "said: $(cat said)"
exits 1 y hub case refer "$number" --to V2 --reason 靐龘秘密
y hub settings set --office 纪检办 >said
y hub case assign "$number" --to 纪检办 >said
y hub case resolve "$number" --text '仓库退了，靐龘秘密' >said
visit v1 p v2
kept_from v1 p
silent v1; silent p
is "state at both sides" "resolved resolved" "$(yj v1 .state case show "$number") $(yj hub .state case show "$number")"
is "figures count it" "5 5" "$(yj v1 .cohort stats) $(yj hub .cohort stats)"
clean v1 p hub
"$PYTHON" "$ROOM/../verifier/verify.py" --hub "$(jq -r .hub v1.json)" "hub/ledgers/V1.git" >verdict || fail "verifier: $(cat verdict)"

# Either side made again from the other does not read it.
y v1 rebuild --from store >said
y v1 rebuild --from ledger >said
kept_from v1
silent v1
is "still there" "resolved township-only" "$(yj v1 '"\(.state) \(.flags | join(" "))"' case show "$number")"
clean v1
y r restore v1.backup >said
kept_from r
y r sync >said; y hub hub ingest >said; y r sync >said
kept_from r
is "at who was restored" "resolved null" "$(yj r '"\(.state) \(.title)"' case show "$number")"
y hub rebuild --from ledger >said
is "the hub reads it from the ledgers" 靐龘秘密之一 "$(yj hub .title case show "$number")"
clean r hub

# A village that is merged: who goes on with its cases does not read this one either, and writes on it.
village 3; village 4
moved=$(yj v3 .case case open --township-only --title 样例戊说的靐龘秘密)
visit v3 v4
y hub hub village merge V3 --into V4 >said
visit v4 v3 v4
is "no title at who goes on" "null township-only" "$(yj v4 '"\(.title) \(.flags | join(" "))"' case show "$moved")"
y v4 case note "$moved" --text 四村记下的靐龘秘密 >said
visit v4 v3
is "both at the hub" "样例戊说的靐龘秘密 四村记下的靐龘秘密" \
  "$(yj hub '"\(.title) \(.history[-1].body.text)"' case show "$moved")"
kept_from v3 v4

# By stick.
other=$(yj v2 .case case open --township-only --title 样例乙说的靐龘秘密)
y v2 --json parcel write stick >said
gone 靐龘秘密 v2
y hub --json parcel read stick --reply >said
is "by stick" 样例乙说的靐龘秘密 "$(yj hub .title case show "$other")"

# Erased.
y hub erase "$other" --reason 样例乙不愿意了 >said
y v2 --json parcel read stick >said
y v2 sync >said; y hub hub ingest >said; y v2 sync >said; y hub hub ingest >said
gone 样例乙说的靐龘秘密 hub; gone "样例乙说的靐龘秘密 样例乙不愿意了" v2
is "who has not" 0 "$(yj hub '[.[] | select(.code == "V2")] | length' hub erasures)"
is "why, at the hub" 样例乙不愿意了 "$(yj hub .erased.reason case show "$other")"
is "why, at the village" "true null" "$(yj v2 '"\(.erased != null) \(.erased.reason)"' case show "$other")"
clean v2 hub
# What is written there afterwards has no words, and the next erasure finds none to take away.
y v2 case note "$other" --text 后来又记的靐龘秘密 >said
visit v2
third=$(yj v2 .case case open --title 二村的事 --text 二村说的另一件)
visit v2
y hub erase "$third" --reason 本人要求 >said
visit v2
y v2 case open --title 二村又一件 >said
visit v2
is "all of it arrives" 0 "$(yj v2 .pending status)"
is "the hub refuses nothing" "" "$(rules V2)"
kept_from v2
clean v2 hub
# Beside one that is erased another stays as it was: r goes by keys/ begun anew.
y hub erase "$(head -1 usual)" --reason 本人要求 >said
visit r
y hub rebuild --from ledger >said
is "the other is read from what is left" 靐龘秘密之一 "$(yj hub .title case show "$number")"
is "its answer too" 1 "$(yj hub '[.history[] | select(.body.text? == "仓库退了，靐龘秘密")] | length' case show "$number")"
kept_from r
clean r hub

# The hub is gone: what it had not received yet, and what it had, its successor reads.
mv hub lost
late=$(yj r .case case open --township-only --title 样例丙说的靐龘秘密)
y new hub recover "$HERE/share/V1.git" --township 青山镇 --code QSZ --worker 新书记 --recovery-key-file paper >said
for i in 1 2 3; do y r sync >said; y new hub ingest >said; y new sync >said 2>&1 || true; done
is "read by the successor" 靐龘秘密之一 "$(yj new .title case show "$number")"
is "its answer too" 1 "$(yj new '[.history[] | select(.body.text? == "仓库退了，靐龘秘密")] | length' case show "$number")"
is "and what was on its way" 样例丙说的靐龘秘密 "$(yj new .title case show "$late")"
is "nothing waits" 0 "$(yj r .waiting status)"
y new case note "$late" --text '新站记下靐龘秘密' >said
y new hub ingest >said; y new sync >said 2>&1 || true; y r sync >said
kept_from r
after=$(yj r .case case open --township-only --title 样例丁说的靐龘秘密)
y r sync >said; y new hub ingest >said
is "and what came after" 样例丁说的靐龘秘密 "$(yj new .title case show "$after")"
clean r new
