#!/bin/bash
# Notices of the township: on every village's board, and at the hub who has received them; also
# after a hub came back from a backup.
. "$(dirname "$0")/lib.sh"

received() { yj hub '([.villages[] | .code + (if .received then "+" else "-" end)] | join(" ")) + " \(.received)/\(.of)"' notice show "$1"; }
board() { yj "$1" '[.[].title] | join(" ")' notice list; }

township 3
visit v1 v2 v3
is "no notice" '[] []' "$(yj hub tojson notice list) $(yj v1 tojson notice list)"
y hub notice post --json --title 停水通知 --text $'周三停水\n请备水' >out
is "what post prints" '["notice","villages"] 3' "$(jq -c keys out) $(jq .villages out)"
id=$(jq -r .notice out)
[[ $id =~ ^[0-9a-f]{32}$ ]] || fail "its id: $id"
is "nobody yet" "V1- V2- V3- 0/3" "$(received "$id")"
y hub hub ingest >said

# Two come, one does not; that they took it the hub hears with what they send next.
for v in v1 v2; do y $v sync >said; is "on the board of $v" 停水通知 "$(board $v)"; done
y hub hub ingest >said
is "two of three" "V1+ V2+ V3- 2/3" "$(received "$id")"
is "what a village shows" "[\"at\",\"by\",\"id\",\"text\",\"title\"] $id 周三停水" \
  "$(yj v1 '.[0] | (keys | tojson) + " " + .id + " " + (.text | split("\n")[0])' notice list)"
is "what the hub lists" '["at","by","id","of","received","title","villages"]' "$(yj hub '.[0] | keys | tojson' notice list)"
is "and shows" '["at","by","id","of","received","text","title","villages"]' "$(yj hub 'keys | tojson' notice show "$id")"
is "when" 2 "$(yj hub '[.villages[].at | select(. != null)] | length' notice show "$id")"
y hub notice list >said
grep -q '2/3' said || fail "not said to people: $(cat said)"
y hub notice show "${id:0:8}" >said
grep -q 'Not yet: 村3 (V3)' said || fail "who has not is not named: $(cat said)"
YIZHAN_LANG=zh y hub notice show "$id" >said
grep -q '收到.*2/3' said || fail "not said in Chinese"
y v1 notice show "${id:0:8}" >said
grep -q 请备水 said || fail "the village does not show it"
visit v3
is "all three" "V1+ V2+ V3+ 3/3" "$(received "$id")"

# To one village; newest first. What cannot be.
y hub notice post --title 只给二村 --text 开会 --village 村2 >said
one=$(yj hub '.[0].id' notice list)
is "to one" "V2- 0/1" "$(received "$one")"
visit v1 v2
visit v1 v2
is "it came" "V2+ 1/1" "$(received "$one")"
is "on its board" "只给二村 停水通知" "$(board v2)"
is "on no other" 停水通知 "$(board v1)"
exits 1 y v1 notice post --title x --text y
exits 1 y hub notice post --title x --text y --village V9
exits 2 y hub notice post --title ' ' --text y
exits 2 y hub notice post --title x --text '　'
exits 2 y hub notice post --title x
exits 1 y hub notice show "${id:0:7}"
exits 1 y v1 notice show "$one"
exits 1 y v1 notice show 00000000
is "nothing came of it" 2 "$(yj hub length notice list)"

# Any worker of the hub; a village invited but not there yet has not received it.
y hub worker add 小李 >said
y hub --as worker hub invite --village 村4 --code V4 -o v4.json >said
y hub --as 小李 notice post --title 补贴 --text 申报 >said
two=$(yj hub '.[0].id' notice list)
is "not there yet" "V1- V2- V3- V4- 0/4" "$(received "$two")"
y hub hub ingest >said
y v4 join v4.json --worker 干部4 >said
visit v1 v2 v3 v4
visit v4
is "there now" "V1+ V2+ V3+ V4+ 4/4" "$(received "$two")"
is "whose" "小李 补贴" "$(yj v4 '.[0] | .by + " " + .title' notice list)"

# Only what a village's present nodes say: not the one whose right was ended.
node=$(sqlite3 hub/yizhan.db "SELECT lower(hex(node)) FROM log WHERE hub=0 AND ledger=(SELECT id FROM ledger WHERE code='V3')")
y hub --as worker hub roster revoke V3 "$node" >said
is "a PC that is out" "V1+ V2+ V3- 2/3" "$(received "$id")"

# The hub comes back from a backup: what it had posted since is there again, once.
y hub backup "$HERE/hub.backup" >said
y hub --as worker notice post --title 备份之后 --text 丢失的 >said
after=$(yj hub '.[0].id' notice list)
visit v1
rm -rf hub.old && mv hub hub.old && y hub restore "$HERE/hub.backup" >said
is "lost for now" 补贴 "$(yj hub '.[0].title' notice list)"
visit v1 v2 v4
visit v1 v2 v4
is "there again" "$after" "$(yj hub '.[0].id' notice list)"
is "none twice" "" "$(yj hub '.[].id' notice list | sort | uniq -d)"
is "none twice at v1" "备份之后 补贴 停水通知" "$(board v1)"
[[ $(received "$after") == *V1+* ]] || fail "who had received it: $(received "$after")"
y hub --as worker notice post --title 恢复之后 --text 新的 >said
visit v1 v2 v4
visit v1 v2 v4
is "from the new log" 恢复之后 "$(yj v2 '.[0].title' notice list)"
is "received" 3 "$(yj hub '.[0].received' notice list)"
before=$(yj hub tojson notice list)
y hub rebuild --from store >said
is "rebuilt" "$before" "$(yj hub tojson notice list)"
clean hub v1 v2 v4
echo "notices come"
