#!/bin/bash
# A case that one village asks another to take (转办): the hub grants it, both see the words and the
# state, whoever moves it; and on to a third; one about a worker never comes near that worker.
. "$(dirname "$0")/lib.sh"

ledger() { sqlite3 hub/yizhan.db "SELECT lower(hex(id)) FROM ledger WHERE code='$1'"; }

township 3
visit v1 v2 v3
number=$(opens v1 水渠堵塞)
other=$(opens v1 别的事)
y v1 case note "$number" --text "下游是村2" >said
y v1 case refer "$number" --to V2 --reason "水渠归村2管" >said
visit v1 v2 v3
exits 1 y v2 case show "$number"
is "asked of the township" "$number" "$(yj hub '[.[] | select(.requested) | .case] | join(" ")' case list)"

# What cannot be: to itself, to a village that is none stays a name.
exits 1 y hub case refer "$number" --to V1 --reason 回去
grep -q "already" said && grep -q "case return" said || fail "why not: $(cat said)"
is "nothing carried" 0 "$(carries hub)"

# The hub grants it: in the same move what there is goes over.
y hub case refer "$number" --to v2 --reason "同意转办" >said
[ "$(carries hub)" -ge 4 ] || fail "carried: $(carries hub)"
visit v2 v1
agree_on "$number" hub v1 v2
is "its words" "水渠堵塞 的经过" "$(yj v2 .text case show "$number")"
is "who wrote it" 干部1 "$(yj v2 '[.history[] | select(.type == "case.note") | .by] | join(" ")' case show "$number")"
is "no one else's" 1 "$(yj v2 'length' case list)"
is "once at the hub" 2 "$(yj hub 'length' case list --limit 0)"
is "found by its words there" "$number" "$(yj v2 '[.[].case] | join(" ")' case list --search 水渠)"
exits 1 y v2 case show "$other"
exits 1 y v3 case show "$number"
is "flag" referred "$(yj v2 '.flags | join(" ")' case show "$number")"

# The other village works on it; the first sees the state, and its resident is not satisfied.
y v2 case sign "$number" >said 2>&1 || y v2 case accept "$number" >said
y v2 case resolve "$number" --text "已疏通" >said
visit v2 v1
agree_on "$number" hub v1 v2
is "resolved" resolved "$(yj v1 .state case show "$number")"
y v1 case followup "$number" --result dissatisfied --text "还堵" >said
visit v1 v2
agree_on "$number" hub v1 v2
is "in hand again" in-hand "$(yj v2 .state case show "$number")"
y v2 case note "$number" --text "村2: 再去" >said
y v1 case note "$number" --text "村1: 催" >said
visit v1 v2
visit v1 v2
agree_on "$number" hub v1 v2

# Nothing new: nothing written.
before=$(carries hub)
visit v1 v2 v3
visit v1 v2 v3
is "idempotent" "$before" "$(carries hub)"

# On to a third, with all that the first two wrote.
y hub case assign "$number" --to V3 >said
visit v3 v1 v2
agree_on "$number" hub v1 v2 v3
y v3 case sign "$number" >said
y v3 case resolve "$number" --text "三村一起疏通" >said
visit v3 v1 v2
agree_on "$number" hub v1 v2 v3
y v1 case followup "$number" --result satisfied --solved yes >said
y v1 case close "$number" >said
visit v1 v2 v3
agree_on "$number" hub v1 v2 v3
is "closed everywhere" closed "$(yj v3 .state case show "$number")"

# The hub moves one: all have it. A body outside is a name only.
y hub case supervise "$number" >said
y hub case refer "$other" --to 县水务局 --reason 归他们 >said
before=$(carries hub)
visit v1 v2 v3
agree_on "$number" hub v1 v2 v3
is "no body outside is carried to" "$before" "$(carries hub)"

# A village that comes back from a backup hears of it again.
y v2 backup "$HERE/v2.backup" >said
y v1 case reopen "$number" --reason 又堵 >said
visit v1 v2
rm -rf v2.old && mv v2 v2.old && y v2 restore "$HERE/v2.backup" >said
visit v2 v1
visit v2 v1
agree_on "$number" hub v1 v2
for v in hub v1 v2 v3; do
  was=$(yj $v tojson case list --limit 0)
  y $v rebuild --from store >said
  is "rebuilt from the store at $v" "$was" "$(yj $v tojson case list --limit 0)"
done
clean hub v1 v2 v3
for v in v1 v2 v3; do
  signed "$(echo $v/ledgers/*.git)" $v
done
signed hub/ledgers/V2.git hub

# A household's name is its village's: a case from elsewhere is none of those who are called the same here; what was
# told to the township of a village is that village's.
for v in v1 v2; do y $v household add 3号 >said; done
elsewhere=$(yj v1 .case case open --title 院墙 --household 3号)
visit v1 v2
y hub case refer "$elsewhere" --to V2 --reason 他们量地 >said
told=$(yj hub .case hub case open --village V2 --title 低保 --household 3号)
y hub case assign "$told" --to V2 >said
visit v1 v2
y v2 case show "$elsewhere" >said
of() { yj "$1" "[.[] | select(.village == \"$2\") | .open_cases] | join(\" \")" household list; }
listed() { yj "$1" '[.cases[].case] | join(" ")' household show 3号 --village "$2"; }
is "open cases at the hub" "1 1" "$(of hub V1) $(of hub V2)"
is "open cases at the villages" "1 1" "$(of v1 V1) $(of v2 V2)"
is "of the first village's" "$elsewhere" "$(listed hub V1)"
is "of the second village's" "$told" "$(listed hub V2)"
is "and there" "$told" "$(yj v2 '[.cases[].case] | join(" ")' household show 3号)"
is "told to the township" "$told" "$(yj hub '[.[].case] | join(" ")' case list --village qsz)"
clean hub v1 v2

# What a worker said whom the township did not know yet counts once it does, and then the referral no
# longer: those who have the case hear of that too.
y v1 worker add 新来的 >said
late=$(yj v1 .case --as 干部1 case open --title 后来知道的事)
y v1 --as 新来的 case refuse "$late" --reason 不归我们 >said
y v1 --as 干部1 case edit "$late" --title 后来才知道的事 >said
visit v1 v2
y hub case refer "$late" --to V2 --reason 归村2 >said
visit v2 v1
is "there already" 后来才知道的事 "$(yj v2 .title case show "$late")"
y hub hub roster grant V1 新来的 >said
visit v1 v2
visit v1 v2
agree_on "$late" hub v1 v2

echo "cases go from village to village"
