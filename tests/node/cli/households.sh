#!/bin/bash
# The registry of households on the command line: at a village, at two PCs of one, and at the hub.
. "$(dirname "$0")/../../harness/script.sh"

y hub hub init --township 青山镇 --code QSZ --worker 镇干部 >said
for v in 1 2; do
  y hub hub invite --village "村$v" --code "V$v" -o "v$v.json" >said
  y "v$v" join "v$v.json" --worker "干部$v" >said
done
meet() { for v in "$@"; do y "$v" sync >said; done; y hub hub ingest >said; for v in "$@"; do y "$v" sync >said; done; }
names() { yj "$1" '[.[].name] | join(" ")' household list "${@:2}"; }
ago() { date -u -d "$1 days ago" +%FT%TZ; }

# Entered: what is printed, what stands there.
y v1 household add --json $' 3组12号　' --people '张三、李四,  王五，' --place 村东 --phone 138 --note 有两位老人 >out
is "what add prints" "household record" "$(jq -r 'keys | join(" ")' out)"
id=$(jq -r .household out)
is "its record" "$id" "$(jq -r .record out)"
y v1 household list --json >out
is "what list prints" "gone id last_visit name open_cases people place sealed village visits" "$(jq -r '.[0] | keys | join(" ")' out)"
is "the household" "[\"$id\",\"V1\",\"3组12号\",\"村东\",[\"张三\",\"李四\",\"王五\"],null,0,0,false]" \
  "$(jq -c '.[0] | [.id,.village,.name,.place,.people,.last_visit,.visits,.open_cases,.gone]' out)"
y v1 household show 3组12号 --json >out
is "what show prints" \
  "cases erase_asked erase_refused erased gone id last_visit name needs_newer note open_cases people phone place sealed village visits" \
  "$(jq -r 'keys | join(" ")' out)"
is "its words" '["138","有两位老人",[],[],false]' "$(jq -c '[.phone,.note,.visits,.cases,.needs_newer]' out)"
y v1 household add 5组1号 --people '' >out
is "for people" "$(yj v1 '.id[:8]' household show 5组1号)" "$(cat out)"
is "nobody" '[]' "$(yj v1 '.people | tojson' household show 5组1号)"

# What cannot be.
exits 1 y v1 household add '3组12号 '
exits 1 y v1 household add $'３组 12号\u200b'
is "found however it is written" 3组12号 "$(yj v1 .name household show '３组　12 号')"
is "said of it" exists "$(y v1 --json household add 3组12号 2>/dev/null | jq -r .error.code)"
exits 1 y v1 household add '　'
exits 1 y v1 household add "$(printf 'x%.0s' {1..201})"
exits 1 y v1 household add 6组 --people "$(printf '甲,%.0s' {1..101})"
exits 1 y v1 household add 6组 --people "$(printf 'x%.0s' {1..201})"
exits 2 y v1 household add 6组 --village V1
exits 2 y v1 household add
exits 1 y v1 household show 6组
exits 1 y v1 household show "${id:0:7}"
exits 2 y v1 household edit 5组1号
exits 2 y v1 household edit 5组1号 --gone --back
exits 1 y v1 household edit 5组1号 --name 3组12号
exits 1 y v1 household edit 5组1号 --name ' '
exits 1 y v1 household visit 6组
is "nothing came of it" "3组12号 5组1号" "$(names v1)"
is "by its id" 3组12号 "$(yj v1 .name household show "${id:0:8}")"

# Corrected; an empty value clears; gone and back.
y v1 household edit 5组1号 --name 5组2号 --place 村西 --people 赵六 --note $'两行\n字' >said
is "corrected" '["5组2号","村西",["赵六"],"两行\n字"]' "$(yj v1 '[.name,.place,.people,.note] | tojson' household show 5组2号)"
y v1 household edit 5组2号 --place '' --people '' --name 5组2号 >said
is "cleared" '[null,[],"两行\n字"]' "$(yj v1 '[.place,.people,.note] | tojson' household show 5组2号)"
y v1 household edit 5组2号 --gone >said
is "gone" "3组12号" "$(names v1)"
is "of those gone" "5组2号" "$(names v1 --gone)"
is "still shown" true "$(yj v1 .gone household show 5组2号)"
exits 1 y v1 household add 5组2号
grep -q back said || fail "not told of --back: $(cat said)"
y v1 household edit 5组2号 --back >said
is "back" "3组12号 5组2号" "$(names v1)"

# Visits, of the registry and on cases that name the household.
y v1 household visit 3组12号 --at "$(ago 100)" --text 问了养老金 >said
n=$(yj v1 .case case open --title 路灯 --household ' 3组12号　')
is "not visited" "5组2号 3组12号" "$(names v1 --not-visited 90)"
is "not for so long" "5组2号" "$(names v1 --not-visited 101)"
is "never" "5组2号" "$(names v1 --not-visited 9007199254740991)"
y v1 case visit "$n" --text 顺路看了 >said
is "visited by the case" "5组2号" "$(names v1 --not-visited 90)"
is "counted" '[2,1,"顺路看了","问了养老金"]' \
  "$(yj v1 '[(.visits | length), .open_cases, .visits[0].text, .visits[1].text] | tojson' household show 3组12号)"
is "as the list has it" '[2,1]' "$(yj v1 '.[0] | [.visits, .open_cases] | tojson' household list --search 3组)"
is "a visit" "[\"干部1\",\"$n\"]" "$(yj v1 '.visits[0] | [.by, .case] | tojson' household show 3组12号)"
is "a visit" '["at","by","case","text"]' "$(yj v1 '.visits[1] | keys | tojson' household show 3组12号)"
is "its case" "[{\"case\":\"$n\",\"state\":\"registered\",\"title\":\"路灯\"}]" "$(yj v1 '.cases | tojson' household show 3组12号 | jq -cS)"
y v1 case void "$n" --reason 登记错了 >said
is "no open case" 0 "$(yj v1 .open_cases household show 3组12号)"
y v1 case edit "$n" --household 5组2号 >said
is "the case is another's" '[1,0,1,1]' "$(jq -cs add <(yj v1 '[(.visits | length), (.cases | length)] | tojson' household show 3组12号) \
  <(yj v1 '[(.visits | length), (.cases | length)] | tojson' household show 5组2号))"
y v1 case edit "$n" --household '' >said
is "nobody's" 0 "$(yj v1 '.cases | length' household show 5组2号)"
a=$(yj v1 .case case open --title 不具名 --household 3组12号 --anonymous)
y v1 case visit "$a" >said
is "who is anonymous has no household" 0 "$(yj v1 '.cases | length' household show 3组12号)"

for word in "note 65536" "place 600" "phone 100"; do
  head -c $((${word#* } + 1)) /dev/zero | tr '\0' 1 >long
  exits 1 y v1 household edit 5组2号 "--${word% *}" "$(cat long)"
  grep -q "${word% *}: .* > ${word#* }" said || fail "${word% *}: $(cat said)"
done
exits 1 y v1 household visit 5组2号 --at 2062-01-01
grep -q 'yet to come' said || fail "$(cat said)"

# Searching.
is "by who lives there" 3组12号 "$(names v1 --search '王五 村')"
is "by note" "5组2号" "$(names v1 --search 两行)"
is "by nothing that is there" "" "$(names v1 --search 两行王)"

# At the hub: all villages', and that of one; both sides write.
y v2 household add 3组12号 >said
meet v1 v2
is "at the hub" "V1 3**,V1 5**,V2 3**" "$(yj hub '[.[] | .village + " " + .name] | join(",")' household list)"
is "of one village" '3**' "$(names hub --village 村2)"
exits 1 y hub household show 3组12号
exits 1 y hub household list --village V3
exits 2 y hub household add 镇上人家
is "of this one" "$id" "$(yj hub .id household show 3组12号 --village V1)"
is "of this id" V1 "$(yj hub .village household show "${id:0:10}")"
y hub household visit "${id:0:8}" --text 镇里来人 >said
y hub household edit 5组2号 --phone 139 >said
y hub household add 7组 --village V2 --people 外来户 >said
meet v1 v2
is "heard at the village" "镇干部 镇里来人" "$(yj v1 '.visits[0] | .by + " " + .text' household show 3组12号)"
is "corrected from the hub" 139 "$(yj v1 .phone household show 5组2号)"
is "entered from the hub" "3组12号 7组" "$(names v2)"

# Entered at both sides apart: both are shown, and named by their ids.
y v1 household add 新来的 >said
y hub household add 新来的 --village V1 >said
meet v1
is "both" 2 "$(yj v1 length household list --search 新来)"
exits 1 y v1 household visit 新来的
grep -q 'first eight' said || fail "not told how: $(cat said)"
twin=$(yj v1 '.[1].id' household list --search 新来)
y v1 household edit "${twin:0:8}" --name 新来的之二 >said
y v1 household visit 新来的 >said
meet v1
for node in v1 hub; do
  y $node --json verify >verdict || true
  is "verify at $node" true "$(jq .ok verdict)"
done
same() { yj "$1" 'map(select(.village == "V1")) | sort_by(.id) | tojson' household list; }
masked=$(jq -c 'map(.name |= .[:1] + "**" | .people |= map(.[:1] + "**"))' <<<"$(same v1)")
is "the same at both, with names by their first character at the hub" "$masked" "$(same hub)"

# A backup brought back, and rebuilt tables, say the same.
before=$(same v1)
y v1 rebuild --from store >said
is "rebuilt" "$before" "$(same v1)"
y v1 backup "$HERE/b" >said
y v3 restore "$HERE/b" >said
is "restored" "$before" "$(same v3)"
y v3 household visit 7组 >said 2>&1 && fail "another village's household" || true
y v3 household visit 3组12号 >said
meet v3
is "goes on" 1 "$(($(yj hub '.visits | length' household show 3组12号 --village V1) - 2))"

# A village alone has its registry, and takes it along when it joins.
y alone init --village 独村 --code DC --worker 老独 >said
y alone household add 一号 --people 独居老人 >said
y alone household visit 一号 >said
y hub hub invite --village 独村 --code DC -o dc.json >said
y alone join dc.json >said
meet alone
is "taken along" '["独居老人"] 1' "$(yj hub '(.people | tojson) + " " + (.visits | length | tostring)' household show 一号)"
y hub household edit 一号 --phone 120 >said
meet alone
is "both write in it" 120 "$(yj alone .phone household show 一号)"
echo "the registry holds"
