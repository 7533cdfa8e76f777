#!/bin/bash
# A case's life on the command line, and the JSON that scripts rely on.
. "$(dirname "$0")/../../harness/script.sh"

"$YIZHAN" init --village 石桥村 --code QS3 --worker 王五 --dir v >said

# Opening: every field, and what is printed.
y v case open --json --title $'  路灯\n坏了 ' --text $'村口的\n路灯' --category 基础设施 --channel 来访 \
  --urgency 高 --place 村口 --resident 张三 --phone 13800000000 --household 3组12号 \
  --at '2026-01-02 03:04' >out
is "what open prints" "case record" "$(jq -r 'keys | join(" ")' out)"
n=$(jq -r .case out) id=$(jq -r .record out)
[[ $n =~ ^QS3-26-0001-[0-9A-Z]$ ]] || fail "number: $n"
y v case show "$n" --json >show
is "what show prints" \
  "about anonymous answer_due answered assigned breaches case category channel class conflict_count conflicts due due_of erase_asked erase_refused erased flags history household id imported matter merged_into no_follow_up office opened opened_by overdue phone place provisional requested resident resolve_due resolved result same_hand sealed solved state text title urgency village" \
  "$(jq -r 'keys | join(" ")' show)"
is "the case" \
  '["路灯 坏了","村口的\n路灯","基础设施","来访","高","村口","张三","13800000000","3组12号","registered",[],false,0,"2026-01-06T00:00:00+08:00",true,null,"2026-01-02T03:04:00+08:00"]' \
  "$(jq -c '[.title,.text,.category,.channel,.urgency,.place,.resident,.phone,.household,.state,.flags,.anonymous,.conflict_count,.due,.overdue,.assigned,.opened]' show)"
is "its history" '["at","body","by","effect","log","record","seq","type"]' "$(jq -c '.history[0] | keys' show)"
is "its opening" "[\"case.open\",\"王五\",\"applied\",\"$id\",\"$n\",\"路灯 坏了\",\"2026-01-02T03:04:00+08:00\"]" \
  "$(jq -c '.history[0] | [.type,.by,.effect,.record,.body.number,.body.title,.at]' show)"

# The zone is the township's, whatever the PC's is.
for zone in UTC America/New_York Asia/Shanghai; do
  is "zone $zone" "2026-01-02T03:04:00+08:00" "$(TZ=$zone yj v .opened case show "$n")"
  is "zone $zone" "2026-03-01T00:00:00+08:00" "$(TZ=$zone yj v .opened case show "$(TZ=$zone yj v .case case open --title 一 --at 2026-03-01)")"
done

# The moves, one after another.
state() { yj v .state case show "$n"; }
y v case note "$n" --text 去看过 >said
is "after a note" registered "$(state)"
exits 1 y v case followup "$n" --result satisfied
exits 1 y v case close "$n"
y v case assign "$n" --to 电工组 >said
is "after assigning" "assigned 电工组" "$(yj v '.state + " " + .assigned' case show "$n")"
y v case escalate "$n" --reason 没有配件 >said
is "after escalating" "assigned escalated" "$(yj v '.state + " " + .flags[0]' case show "$n")"
is "what a move prints" "$n" "$(yj v .case case resolve "$n" --text 换了灯 --at '2026-01-05 09:00')"
is "after resolving" "resolved 2026-01-05T09:00:00+08:00" "$(yj v '.state + " " + .history[-1].at' case show "$n")"
exits 1 y v case resolve "$n" --text 又一次
exits 1 y v case close "$n"
y v case followup "$n" --result dissatisfied --text 还是不亮 >said
is "after dissatisfaction" '["in-hand",["escalated","reopened"],"dissatisfied","还是不亮"]' \
  "$(yj v '[.state, .flags, .history[-1].body.result, .history[-1].body.text] | tojson' case show "$n")"
y v case resolve "$n" --text 换了线 >said
y v case followup "$n" --result satisfied >said
y v case close "$n" >said
is "after closing" closed "$(state)"
exits 1 y v case assign "$n" --to 电工组
is "said of it" refused "$(y v --json case assign "$n" --to x 2>/dev/null | jq -r .error.code)"
y v case reopen "$n" --reason 又坏了 >said
is "after reopening" in-hand "$(state)"
y v case resolve "$n" --text 修好 >said
y v case followup "$n" --result satisfied >said
y v case close "$n" >said
is "closed again" closed "$(state)"
is "all of it applied" 0 "$(yj v '[.history[] | select(.effect != "applied")] | length' case show "$n")"
is "a refused move leaves nothing" 13 "$(yj v '.history | length' case show "$n")"

# Taken up, given, given back, signed for; refused; entered by mistake.
m=$(yj v .case case open --title 水管)
y v case accept "$m" --text 明天去看 >said
is "accepted" accepted "$(yj v .state case show "$m")"
exits 1 y v case accept "$m"
exits 1 y v case sign "$m"
y v case assign "$m" --to 水管组 >said
y v case return "$m" --reason 不归我们管 >said
is "returned" "returned 不归我们管" "$(yj v '.state + " " + .history[-1].body.reason' case show "$m")"
y v case assign "$m" --to 水利站 >said
y v case sign "$m" >said
is "signed for" "in-hand 水利站 {}" "$(yj v '.state + " " + .assigned + " " + (.history[-1].body | tojson)' case show "$m")"
y v case void "$m" --reason 登记了两次 >said
is "void" "void 登记了两次" "$(yj v '.state + " " + .history[-1].body.reason' case show "$m")"
exits 1 y v case reopen "$m"
m=$(yj v .case case open --title 邻村的路)
for move in "assign --to" "note --text" "pause --reason" "accept --text"; do
  exits 1 y v case "${move% *}" "$m" "${move#* }" ' 　 '
  grep -q 'Say it in words' said || fail "$move blanks: $(cat said)"
done
exits 2 y v case refuse "$m"
exits 2 y v case refuse "$m" --reason ''
y v case refuse "$m" --reason 不在本村 --turn-to 邻村村委会 >said
is "refused" '["refused","不在本村","邻村村委会"]' \
  "$(yj v '[.state, .history[-1].body.reason, .history[-1].body.turn_to] | tojson' case show "$m")"
y v case show "$m" >out
grep -q 邻村村委会 out || fail "whom to turn to is not shown: $(cat out)"
exits 1 y v case resolve "$m" --text x
y v case close "$m" >said
is "closed, the reason was said" '["closed",{}]' "$(yj v '[.state, .history[-1].body] | tojson' case show "$m")"
is "by whom stands there" "$(yj v '.history[0].by' case show "$m")" "$(yj v '.history[-1].by' case show "$m")"
y v case reopen "$m" >said
is "taken up after all" in-hand "$(yj v .state case show "$m")"

# What is done on the way, and a case that rests.
m=$(yj v .case case open --title 危房)
flags() { yj v '.flags | join(" ")' case show "$m"; }
y v case contact "$m" --text 约了周三 >said
y v case visit "$m" >said
y v case visit "$m" --text 墙裂了 >said
y v case supervise "$m" >said
is "watched over" supervised "$(flags)"
exits 2 y v case pause "$m"
exits 1 y v case resume "$m"
grep -q 'does not rest' said || fail "nothing rests: $(cat said)"
y v case pause "$m" --reason 等专家 >said
is "rests" "paused supervised" "$(flags)"
is "rests in the table" "paused supervised" "$(y v export --format csv | grep "$m" | grep -o 'paused supervised')"
is "rests in the list" true "$(yj v ".[] | select(.case == \"$m\") | .flags | contains([\"paused\"])" case list)"
exits 1 y v case pause "$m" --reason 再等等
grep -q 'rests already' said || fail "it rests: $(cat said)"
y v case resume "$m" --text 专家来了 >said
is "goes on" supervised "$(flags)"
is "all said on the way" '["约了周三","墙裂了","等专家","专家来了"]' \
  "$(yj v '[.history[].body | .text // .reason | values] | tojson' case show "$m")"
is "found by it" "$m" "$(yj v '.[].case' case list --search 约了周三)"

# Corrections: what is given is changed, what is empty is cleared, the rest stays.
y v case edit "$n" --title '路灯又坏了' --resident '' --place 村尾 >said
is "corrected" '["路灯又坏了",null,"村尾","13800000000","closed"]' \
  "$(yj v '[.title,.resident,.place,.phone,.state] | tojson' case show "$n")"
exits 2 y v case edit "$n" --title ' '

# Anonymous: no name in lists and shows.
a=$(yj v .case case open --title 举报 --resident 李四 --phone 13800000000 --household 三组 --anonymous)
is "it is kept" 1 "$(sqlite3 v/yizhan.db "SELECT count(*) FROM content WHERE bytes LIKE '%举报%'")"
is "who asked is written nowhere" 0 "$(sqlite3 v/yizhan.db "SELECT count(*) FROM content WHERE bytes LIKE '%举报%' AND (bytes LIKE '%李四%' OR bytes LIKE '%138%' OR bytes LIKE '%三组%')")"
is "anonymous" '[true,null]' "$(yj v '[.anonymous,.resident] | tojson' case show "$a")"
is "anonymous in the list" null "$(yj v ".[] | select(.case == \"$a\") | .resident" case list)"
y v case show "$a" >out
! grep -q 李四 out || fail "the name is shown"

# How long a field may be: the bound is taken, a byte more is refused by name and bound, at every way in.
long() { head -c "$1" /dev/zero | tr '\0' "${2:-a}"; }
over() { # FIELD MAX COMMAND...
  local field=$1 max=$2
  shift 2
  exits 1 y v "$@"
  grep -q "$field: .* > $max" said && grep -q 'has more bytes' said || fail "$field: $(cat said)"
}
cases=$(yj v .cases status)
over title 600 case open --title "$(long 601)"
for one in place:600 category:200 channel:200 urgency:200 resident:200 household:200 phone:100; do
  over "${one%:*}" "${one#*:}" case open --title 一 "--${one%:*}" "$(long $((${one#*:} + 1)))"
done
long 65537 >long.txt
over text 65536 case open --title 一 --text @long.txt
head -c 1048576 /dev/zero | tr '\0' a >megabyte.txt
over title 600 case open --title @megabyte.txt
is "nothing was opened" "$cases" "$(yj v .cases status)"
whole=$(yj v .case case open --title "$(long 600)" --phone "$(long 100 1)" --resident "$(long 200)" --text - < <(long 65536))
is "the bound itself" "600 100 200 65536" "$(yj v '[.title, .phone, .resident, .text] | map(length) | join(" ")' case show "$whole")"
for move in note contact visit accept supervise resolve; do over text 65536 case $move "$whole" --text @long.txt; done
for move in refuse pause escalate void; do over reason 65536 case $move "$whole" --reason @long.txt; done
over to 300 case assign "$whole" --to "$(long 301)"
over to 300 case refer "$whole" --to "$(long 301)" --reason x
over turn_to 600 case refuse "$whole" --reason x --turn-to "$(long 601)"
over title 600 case edit "$whole" --title "$(long 601)"
over text 65536 case solve --title 一 --done @long.txt
is "nothing of it was kept" 1 "$(yj v '.history | length' case show "$whole")"

# A time that is yet to come, or before anyone can remember, is a slip of the pen.
tomorrow=$(date -d '+23 hours' '+%Y-%m-%d %H:%M')
y v case open --title 明天 --at "$tomorrow" >said
for at in 9999-12-31 2062-03-04 "$(date -d '+3 days' +%F)"; do
  exits 1 y v case open --title 一 --at "$at"
  grep -q 'yet to come' said || fail "$at: $(cat said)"
done
exits 1 y v case resolve "$whole" --text x --at 2062-01-01
exits 1 y v case solve --title x --done x --at 2062-01-01
for at in 0202-11-30 1899-12-31; do
  exits 1 y v case open --title 一 --at "$at"
  grep -q 'before 1900' said || fail "$at: $(cat said)"
done
y v case open --title 旧 --at 1900-01-01 >said

# Numbers as people type them, and mistyped.
is "folded" "$n" "$(yj v .case case show " $(echo "$n" | tr 'A-Z-' 'a-z ') ")"
exits 1 y v case show QS3-26-0001-0
grep -q "$n" said || fail "the near one is not offered: $(cat said)"
exits 1 y v case show ZZZZ-26-4711-X
for typed in "${n%-*}" "$(tr 'A-Z-' 'a-z ' <<<"${n%-*}")"; do
  exits 1 y v case show "$typed"
  grep -q 'last character of the number is missing' said && grep -qF "$typed ($n" said || fail "without its check character: $(cat said)"
done
exits 1 y v case show V1-26-0001
grep -q 'is missing' said && grep -q "$n" said || fail "$(cat said)"
exits 1 y v case show "not a number"
is "by id" "$n" "$(yj v .case case show "$id")"
exits 1 y v case show "$(printf '%064d' 0)"

# Lists: newest first, in pages, by what is asked for.
for i in 1 2 3 4 5; do y v case open --title "井盖$i" --category 市政 --at "2025-05-0$i" >said; done
is "what list prints" \
  "assigned case category channel class conflict_count due flags id opened overdue provisional requested resident sealed state title urgency" \
  "$(yj v '.[0] | keys | join(" ")' case list)"
is "newest first" true "$(yj v '[.[].opened] | . == (sort | reverse)' case list --limit 0)"
is "limit" 3 "$(yj v length case list --limit 3)"
all=$(yj v '[.[].case] | join(" ")' case list --limit 0) paged="" after=""
while page=$(yj v '[.[].case] | join(" ")' case list --limit 2 ${after:+--after "$after"}) && [ -n "$page" ]; do
  paged="$paged${paged:+ }$page" after=${page##* }
done
is "in pages" "$all" "$paged"
is "after a number as people type it" "${all#* }" \
  "$(yj v '[.[].case] | join(" ")' case list --limit 0 --after "$(echo "${all%% *}" | tr 'A-Z-' 'a-z ')")"
is "by category" 5 "$(yj v length case list --category 市政)"
y v case open --title "长椅" --place "村口 Old Gate, 3" --category 市政二 >said
y v case open --title 甲 --category $' 暗\u200b路灯  x ' --resident $'王\ufeff五 ' >said
is "a category that looks the same is one" "暗路灯 x 王五" "$(yj v '.[] | [.category, .resident] | join(" ")' case list --category '暗路灯 x')"
y v case edit "$(yj v '.[0].case' case list --category '暗路灯 x')" --category $'暗路灯 y\u200b' >said
is "corrected" 1 "$(yj v length case list --category '暗路灯 y')"
is "by place" "1 1 0" "$(yj v length case list --place 村口) $(yj v length case list --place "gate 3 old") $(yj v length case list --place 村西)"
is "by state" "$n" "$(yj v '.[].case' case list --status closed)"
is "since" 0 "$(yj v '[.[] | select(.category == "市政")] | length' case list --since 2026-01-01)"
is "since" 3 "$(yj v length case list --category 市政 --since '2025-05-03')"
is "search" 5 "$(yj v length case list --search 井盖)"
is "search finds what is corrected" 1 "$(yj v length case list --search 又坏了)"
is "search knows no old title" 0 "$(yj v length case list --search '路灯 坏了 没有这个')"

# For people: one line a case, columns that stand below each other.
y v case list --limit 3 >out
is "lines" 4 "$(wc -l <out)"
y v case show "$n" >out
for words in "$n" 路灯又坏了 换了灯 还是不亮 王五; do
  grep -q "$words" out || fail "'$words' is not shown: $(cat out)"
done
# Solved on the spot: one answer, up to four records, all or none.
solved() { # RESULT EXPECTED
  m=$(yj v .case case solve --title 开证明 --resident 赵六 --done 当场开了 --at '2026-02-03 10:00' ${1:+--result $1})
  is "solved: $1" "$2" "$(yj v '[.state] + [.history[].type[5:]] | join(" ")' case show "$m")"
  is "all of it then" 2026-02-03T10:00:00+08:00 "$(yj v '[.history[].at] | unique | join(" ")' case show "$m")"
}
solved '' 'resolved open resolve'
solved satisfied 'closed open resolve followup close'
is "what was done" 当场开了 "$(yj v '.history[1].body.text' case show "$m")"
solved partly 'closed open resolve followup close'
is "why closed" 当场开了 "$(yj v '.history[3].body.reason' case show "$m")"
solved unreachable 'closed open resolve followup close'
is "no one to ask" true "$(yj v '.history[3].body.no_follow_up' case show "$m")"
solved dissatisfied 'in-hand open resolve followup'
is "what solve prints" "case record" "$(yj v 'keys | join(" ")' case solve --title 问路 --done 指了路)"
before=$(yj v length case list --limit 0)
exits 2 y v case solve --title 问路
exits 2 y v case solve --title 问路 --done ''
exits 2 y v case solve --title ' ' --done 指了路
is "nothing by halves" "$before" "$(yj v length case list --limit 0)"

m=$(yj v .case case solve --title 借梯子 --done 借到了)
exits 1 y v case close "$m"
y v case close "$m" --reason 住户已搬走 >said
is "closed for a reason" "closed 住户已搬走" "$(yj v '.state + " " + .history[-1].body.reason' case show "$m")"

# Closing without an answer, where no one can be asked; and whether it was solved.
m=$(yj v .case case open --title 噪音 --anonymous)
y v case resolve "$m" --text 停工了 >said
exits 1 y v case close "$m"
y v case close "$m" --no-follow-up >said
is "anonymous" '["closed",{"no_follow_up":true}]' "$(yj v '[.state, .history[-1].body] | tojson' case show "$m")"
m=$(yj v .case case open --title 噪音)
y v case resolve "$m" --text 停工了 >said
exits 1 y v case close "$m" --no-follow-up
y v case followup "$m" --result unreachable >said
exits 1 y v case close "$m"
y v case close "$m" --no-follow-up >said
is "unreachable" closed "$(yj v .state case show "$m")"
m=$(yj v .case case solve --title 噪音 --done 停工了)
exits 2 y v case followup "$m" --result satisfied --solved perhaps
y v case followup "$m" --result satisfied --solved no >said
is "solved or not" '{"result":"satisfied","solved":"no"}' "$(yj v '.history[-1].body | tojson' case show "$m")"

# Many at once: each has its own number, and none is lost.
for i in $(seq 12); do y v case open --title "同时$i" --category 同时 >said 2>&1 & done
wait
is "at once" "12 12" "$(yj v '[length, ([.[].case] | unique | length)] | join(" ")' case list --category 同时)"
is "all is well" true "$(yj v .ok verify)"

# Numbers where they do not belong: recorded as they are, and said.
told=$(y v --json case open --title '路灯坏了，找 138-0013-8000' --text 990101199001010019 --phone 13800138000 2>said | jq -r .case)
is "as it was said" '路灯坏了，找 138-0013-8000' "$(yj v .title case show "$told")"
grep -q 'looks like a telephone number' said || fail "said: $(cat said)"
grep -q 'looks like an ID number' said || fail "said: $(cat said)"
y v case edit "$told" --title 路灯坏了 2>said >/dev/null
[ ! -s said ] || fail "said: $(cat said)"
y v case edit "$told" --title 找13800138000 2>said >/dev/null
grep -q 'looks like a telephone number' said || fail "said: $(cat said)"
