#!/bin/bash
# What people bring to the township itself, and villages that are renamed, merged and closed: old
# numbers stay valid, the successor has all cases; nothing about a worker comes near that worker.
. "$(dirname "$0")/lib.sh"

ledger() { sqlite3 hub/yizhan.db "SELECT lower(hex(id)) FROM ledger WHERE code='$1'"; }
township 3
exits 1 y hub case open --title 不行
is "no case yet" "" "$(yj hub '.[].case' case list)"
visit v1 v2 v3
mine=$(opens v1 本村的事)
done=$(opens v1 办完的事)
y v1 case refuse "$done" --reason 不归我们 >said

# To the township: about a worker of the first village.
told=$(yj hub .case hub case open --village V1 --about 干部1 --title 干部不公 --text 举报的秘密)
[[ $told == QSZ-* ]] || fail "its number: $told"
is "where" 村1 "$(yj hub .place case show "$told")"
is "flag" about-worker "$(yj hub '.flags | join(" ")' case show "$told")"
is "whom it is about" 干部1 "$(yj hub .about case show "$told")"
exits 1 y hub case assign "$told" --to 干部1
grep 'about that worker' said >found || fail "given to whom it is about: $(cat said)"
plain=$(yj hub .case hub case open --village V2 --title 村2的路 --place 东头)
is "no village" "V1 V2 V3" "$(yj hub '[.[].code] | join(" ")' hub villages)"
y hub hub ingest >said
! grep -q QSZ said || fail "the township's own ledger is reported: $(cat said)"
exits 1 y hub hub case open --village V9 --title x
exits 1 y hub hub case open --village QSZ --title x
exits 1 y hub hub case open --village V2 --about 干部1 --title x
exits 2 y hub hub case open --title x
exits 1 y v1 hub case open --village V1 --title x

# Never to that worker's village, by whatever way; to another it goes.
exits 1 y hub case assign "$told" --to V1
grep -q 'must not reach' said || fail "why not: $(cat said)"
exits 1 y hub case refer "$told" --to V1 --reason x
exits 1 y hub case assign "$told" --to Ｖ１
grep -q 'must not reach' said || fail "why not: $(cat said)"
# Nor to that worker, in whatever way the name is written, though nobody of that name signs here.
key=$(yj v1 '.[0].key' worker list)
for name in 干部1 ' 干部１' '干 部1' "${key:0:8}" "$key"; do
  for move in "assign $told" "refer $told --reason x"; do
    # shellcheck disable=SC2086
    exits 1 y hub case $move --to "$name"
    grep -q 'about that worker' said && grep -qF "$told" said || fail "$move to '$name': $(cat said)"
  done
done
is "as it was" "registered null" "$(yj hub '"\(.state) \(.assigned)"' case show "$told")"
is "however the name is written" "$(yj hub .about case show "$told")" \
  "$(yj hub .about case show "$(yj hub .case hub case open --village V1 --about '干部 １' --title 又一件)")"
y hub case assign "$told" --to V2 >said
y hub case assign "$plain" --to V2 >said
visit v1 v2 v3
is "its words" 举报的秘密 "$(yj v2 .text case show "$told")"
exits 1 y v1 case show "$told"
y v2 case note "$told" --text "村2在查" >said
exits 1 y v2 case assign "$told" --to "${key:0:16}"
grep -q 'about that worker' said || fail "$(cat said)"
visit v2 v1
is "known at the hub" 村2在查 "$(yj hub '[.history[] | select(.type == "case.note") | .body.text] | join(" ")' case show "$told")"
# The second village's successor is the first: that case alone does not go there.
id=$(sqlite3 hub/yizhan.db "SELECT lower(hex(id)) FROM cases WHERE number='$told' LIMIT 1")
for v in v1 v3; do
  is "records about it at $v" 0 "$(sqlite3 $v/yizhan.db "SELECT count(*) FROM record WHERE lower(line) LIKE '%$id%'")"
  is "words of it at $v" 0 "$(sqlite3 $v/yizhan.db "SELECT count(*) FROM content WHERE bytes LIKE '%秘密%'")"
done

# Renamed, with another code: numbers, place and roads stay.
exits 1 y hub hub village rename V1 --name 新村 --code V2
exits 1 y hub hub village rename V1 --name 新村 --code QSZ
exits 1 y hub hub village rename V9 --name x
exits 2 y hub hub village rename V1 --name 新村 --code x
exits 1 y v1 hub village rename V1 --name x
y hub hub village rename V1 --name 新村 --code N1 >said
for to in V1 v1 新村; do
  for move in "assign $mine" "refer $mine --reason x" "assign $plain"; do
    # shellcheck disable=SC2086
    exits 1 y hub case $move --to "$to"
    grep -q 'name it by the code' said && grep -qF '新村 (N1)' said || fail "$move to $to: $(cat said)"
  done
done
visit v1
is "at the village" "新村 N1" "$(yj v1 '.name + " " + .code' status)"
later=$(opens v1 改名之后)
[[ $later == N1-* ]] || fail "a number after that: $later"
visit v1
is "old and new at the hub" "N1 V1" "$(yj hub '[.[].case | split("-")[0] | select(. == "N1" or . == "V1")] | unique | join(" ")' case list)"
[ -d hub/ledgers/V1.git ] && [ ! -e hub/ledgers/N1.git ] || fail "the repository moved"
exits 1 y hub hub village rename N1 --name 又改 --code V1
exits 1 y hub hub invite --village 再来 --code V1 -o again.json
is "found by the old number" "本村的事" "$(yj v1 .title case show "$mine")"

# Merged: all cases go on at the successor, what comes later too.
exits 1 y hub hub village merge N1 --into N1
y hub hub village merge N1 --into V3 >said
grep -q V3 said || fail "not said: $(cat said)"
exits 1 y hub hub village merge N1 --into V2
is "closed already" true "$(yj hub .already hub village close N1)"
exits 1 y hub hub village merge V2 --into N1
exits 1 y hub case assign "$plain" --to N1
unsent=$(opens v1 还没听说)
visit v1 v3
visit v3
is "at the successor" "$(printf '%s\n' "$done" "$later" "$mine" "$unsent" | sort | xargs)" "$(yj v3 '[.[].case] | sort | join(" ")' case list --limit 0)"
is "refused there too" refused "$(yj v3 .state case show "$done")"
exits 1 y v1 case open --title 不行
grep -q closed said || fail "why not: $(cat said)"
y v3 case accept "$mine" >said
y v3 case resolve "$mine" --text 办好 >said
y v1 case note "$later" --text 旧村补充 >said
visit v3 v1
visit v3
is "resolved for the old one" resolved "$(yj v1 .state case show "$mine")"
is "and at the hub" resolved "$(yj hub .state case show "$mine")"
is "from the old one" 旧村补充 "$(yj v3 '[.history[] | select(.type == "case.note") | .body.text] | join(" ")' case show "$later")"
is "each once at the hub" "" "$(yj hub '.[].case' case list --limit 0 | sort | uniq -d)"
is "villages" 'N1 true V3,V2 false null,V3 false null' "$(yj hub '[.[] | "\(.code) \(.closed) \(.into)"] | join(",")' hub villages)"
# On to the next: all go along, but what is about a worker.
y hub hub village merge V2 --into V3 >said
visit v3 v2
is "about nobody there" 村2的路 "$(yj v3 .title case show "$plain")"
is "about a worker of the first village" 干部不公 "$(yj v3 .title case show "$told")"
before=$(sqlite3 hub/yizhan.db "SELECT count(*) FROM record")
visit v1 v2 v3
is "nothing new" "$before" "$(sqlite3 hub/yizhan.db "SELECT count(*) FROM record")"

# Both sides can be made anew, and verify is content.
clean hub v1 v2 v3
for v in hub v1 v2 v3; do
  was=$(yj $v tojson case list --limit 0)
  y $v rebuild --from store >said
  is "rebuilt at $v" "$was" "$(yj $v tojson case list --limit 0)"
done
y hub backup "$HERE/hub.backup" >said
mv hub hub.old && y hub restore "$HERE/hub.backup" >said
for v in v1 v2 v3; do visit $v; done
is "after a restore" resolved "$(yj hub .state case show "$mine")"
is "still once" "" "$(yj hub '.[].case' case list --limit 0 | sort | uniq -d)"
clean hub v1 v2 v3
signed hub/ledgers/V3.git hub
echo "villages come and go, their cases stay"
