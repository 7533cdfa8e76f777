#!/bin/bash
# At the hub lists show no whole name, and whoever has a case or household shown in full is written down: once for each,
# reader and day, at the hub alone.
. "$(dirname "$0")/lib.sh"

y hub hub init --township 青山镇 --code QSZ --worker 镇长 >said
village 1
one=$(yj v1 .case case open --title 路灯不亮 --resident 欧阳样例 --phone 13800138000)
two=$(yj v1 .case case open --title 井盖丢了 --resident Sample --anonymous)
three=$(yj v1 .case case open --title 水管漏水 --resident 样例乙)
y v1 household add 欧阳样例家 --people 欧阳样例，样例丙 >said
visit v1
today() { TZ=Asia/Shanghai date +%F; }
day=$(today)

is "names in a list" "欧** null 样**" "$(yj hub 'sort_by(.case) | map(.resident // "null") | join(" ")' case list)"
y hub case list >said
! grep -q '欧阳' said || fail "a whole name: $(cat said)"
grep -q '欧\*\*' said || fail "no name: $(cat said)"
is "at the village in full" 欧阳样例 "$(yj v1 '.[] | select(.title == "路灯不亮") | .resident' case list)"
is "nobody has read any" 0 "$(yj hub length hub readings)"

is "of households" "欧** 欧**、样**" "$(yj hub '.[0] | "\(.name) \(.people | join("、"))"' household list)"
y hub household list >said
! grep -q '欧阳\|样例' said || fail "a whole name: $(cat said)"
is "at the village whole" 欧阳样例家 "$(yj v1 '.[0].name' household list)"
home=$(yj hub '.[0].id' household list)

# One worker: it is that one.
is "in full" "欧阳样例 镇长" "$(yj hub '"\(.resident) \(.read | map(.by) | join(" "))"' case show "$one")"
y hub case show "$one" >said
grep -q "Read here on .* by 镇长" said || fail "shown: $(cat said)"
y hub case show "$one" >said
is "once" 1 "$(yj hub length hub readings "$one")"
# Of several without --as it was not said who.
y hub worker add 办事员 >said
y hub --as 镇长 worker add 审计员 --role auditor >said
y hub case show "$one" >said
grep -q 'someone who was not named' said || fail "shown: $(cat said)"
y hub --as 办事员 case show "$two" >said
exits 1 y hub --as 没有 case show "$two"
is "all" "$one 镇长, $one null, $two 办事员" \
  "$(yj hub 'sort_by(.case, (.by == null)) | map("\(.case) \(.by)") | join(", ")' --as 镇长 hub readings)"
[ "$day" != "$(today)" ] || is "the day" "$day" "$(yj hub '[.[].day] | unique | join(" ")' --as 镇长 hub readings)"

# Who may see that of all.
exits 1 y hub --as 办事员 hub readings
grep -q 'administrator, head and auditor' said || fail "said: $(cat said)"
is "the auditor" 3 "$(yj hub length --as 审计员 hub readings)"
exits 1 y v1 hub readings

# What shows all shows each in full.
y hub --as 办事员 export --format csv >said
is "by an export" "$one $two $three" \
  "$(yj hub '[.[] | select(.by == "办事员") | .case] | sort | join(" ")' --as 镇长 hub readings)"
y hub --as 审计员 log --content >said
is "by the records" 3 "$(yj hub '[.[] | select(.by == "审计员")] | length' --as 镇长 hub readings)"
y hub --as 审计员 log >said

# A household likewise.
is "a household in full" "欧阳样例家 办事员" "$(yj hub '"\(.name) \(.read | map(.by) | join(" "))"' --as 办事员 household show "$home")"
y hub --as 办事员 household show "$home" >said
grep -q "Read here on .* by 办事员" said || fail "shown: $(cat said)"
is "by its first character" '欧** 办事员' "$(yj hub '.[] | select(.case == null) | "\(.household) \(.by)"' --as 镇长 hub readings)"

# It goes nowhere, and is there after a backup and a store that is made again.
before=$(yj hub length --as 镇长 hub readings)
visit v1
is "not at the village" null "$(yj v1 .read case show "$one")"
y hub rebuild --from ledger >said
is "after a rebuild" "$before" "$(yj hub length --as 镇长 hub readings)"
y hub backup hub.backup >said
y back restore hub.backup >said
is "after a restore" "$before" "$(yj back length --as 镇长 hub readings)"
clean hub v1
