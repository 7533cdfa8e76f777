#!/bin/bash
# Figures at a hub and two villages over some forty cases of three months, against a plain calculation
# over what each of them exports, and over its records; and the township's own follow-up of a sample.
# Time goes on as the test says.
[ -n "${TMPDIR:-}" ] || [ ! -w /dev/shm ] || export TMPDIR=/dev/shm
. "$(dirname "$0")/lib.sh"
. "$ROOM/clock_lib.sh"
figures_agree() { # NODE...
  local judge
  for judge in figures.py ../judge/judge.py; do
    LD_PRELOAD=$HERE/clock.so "$PYTHON" "$ROOM/$judge" "$YIZHAN" "$@" >verdict 2>&1 || fail "$judge: $(cat verdict)"
  done
}
figure() { yj "$1" "$2" stats "${@:3}"; } # NODE FILTER OPTIONS...
share() { figure "$1" ".$2 | \"\(.numerator)/\(.denominator)\"" "${@:3}"; }

now '2026-03-02 09:00'
is "nothing of nothing" "null null 0 0/0 null" \
  "$(y alone init --village 独村 --code DC >said && figure alone '[.month, .median_answer_minutes, .cohort, "\(.response.numerator)/\(.response.denominator)", .median_resolve_minutes] | map(tostring) | join(" ")')"
is "no groups" "[]" "$(y alone --json stats --by worker)"
exits 2 y alone stats --month 2026-13
exits 2 y alone stats --month 2026-3
exits 2 y alone stats --month 2026-03-01
exits 2 y alone stats --by resident

y hub hub init --township 青山镇 --code QSZ --worker 书记 >said
for year in 2026; do y hub holiday add $year-05-01 --off >said; done
y hub settings set --office 民政办 >said
y hub settings set --office 城建办 >said
village 1
village 2
y v2 worker add 干部2乙 >said
y v2 --as 干部2 sync >said
y hub hub ingest >said
y hub hub roster grant V2 干部2乙 >said
visit v1 v2

# v1, one worker. Every way in which a case can end, and some that go on.
open1() { yj v1 .case case open --title "$1" "${@:2}"; }
c1=$(open1 路灯 --category 路灯 --resident 张三 --phone 555-0100)
c2=$(open1 路灯又坏 --category 路灯 --resident 李四)
c3=$(open1 修路 --category 道路 --resident 王五 --class complex)
c4=$(open1 举报 --anonymous --category 纠纷)
c5=$(open1 打错)
c6=$(open1 私事 --category 纠纷)
c7=$(open1 也是私事 --category 纠纷)
c8=$(open1 无人理)
c9=$(open1 等零件 --category 水电)
c10=$(open1 低保 --category 低保 --class petition)
c11=$(open1 井盖 --category 道路 --resident 赵六)
c12=$(open1 噪声 --category 纠纷)
c13=$(open1 漏水 --category 水电 --resident 孙七)
printf 'id,title,time,reply\nx1,旧桥,2026-03-01,修了\nx2,旧路,2026-03-02,\n' >old.csv
y v1 case import old.csv >said
y v1 case solve --title 填表 --done 一起填了 --result satisfied --solved yes --category 低保 >said
y v1 case solve --title 盖章 --done 盖了 --result partly >said
y v1 case solve --title 复印 --done 印了 >said
y v1 case solve --title 问路 --anonymous --done 说了 >said
y v1 case solve --title 吵架 --done 劝了 --result dissatisfied --category 纠纷 >said
y v1 case void "$c5" --reason 打错了 >said
y v1 case refuse "$c6" --reason 私事 >said
y v1 case refuse "$c7" --reason 私事 >said
y v1 case close "$c7" --reason 私事 >said
is "what is not due yet is in neither" "7/7" "$(share v1 response)"
now '2026-03-03 10:30'
y v1 case accept "$c1" >said
y v1 case assign "$c3" --to 城建办 >said
y v1 case assign "$c10" --to 民政办 >said
y v1 case pause "$c9" --reason 等零件 >said
y v1 case accept "$c13" >said
y v1 case resolve "$c2" --text 换了 >said
y v1 case merge "$c11" --into "$c3" >said
now '2026-03-06 16:00'
y v1 case resolve "$c1" --text 换了灯 >said
y v1 case resolve "$c4" --text 查了 >said
y v1 case followup "$c1" --result satisfied --solved yes >said
y v1 case close "$c1" >said
y v1 case followup "$c2" --result unreachable >said
y v1 case close "$c2" --no-follow-up --reason 去外地了 >said
y v1 case close "$c4" --no-follow-up --reason 匿名 >said
is "whom no one can ask" "2 2/4" "$(figure v1 .no_follow_up) $(share v1 satisfaction)"
y v1 case resolve "$c13" --text 修了 >said
y v1 case close "$c13" --no-follow-up --reason 说是找不到人 >said
is "who only says so counts as not asked" "2 2/5" "$(figure v1 .no_follow_up) $(share v1 satisfaction)"
now '2026-03-20 09:00'
y v1 case accept "$c12" >said
y v1 case resolve "$c12" --text 安静了 >said
y v1 case close "$c12" --reason 没问 >said
is "two late, one never; what rests is not" 3 "$(figure v1 '.response | .denominator - .numerator')"
y v1 case resume "$c9" >said

# v2, two workers; what one resolves the other follows up.
open2() { yj v2 .case --as 干部2 case open --title "$1" "${@:2}"; }
two() { y v2 --as 干部2乙 case "$@" >said; }
for n in 1 2 3 4 5 6 7 8 9 10; do
  d=$(open2 "小事 $n" --category "$([ $((n % 2)) = 0 ] && echo 道路 || echo 水电)" --resident "居民$n" --phone 555-01$n)
  two accept "$d"
  y v2 --as 干部2 case resolve "$d" --text 办了 >said
  case $n in
  1 | 2 | 3 | 4) two followup "$d" --result satisfied --solved yes ;;
  5) y v2 --as 干部2 case followup "$d" --result satisfied --solved partly >said ;;
  6) two followup "$d" --result partly --solved partly ;;
  7) two followup "$d" --result dissatisfied --solved no ;;
  8) two followup "$d" --result unreachable ;;
  esac
  [ $n -gt 3 ] || two close "$d"
done
for n in 1 2 3 4 5 6 7 8; do
  y v2 --as 干部2 case solve --title "表格 $n" --category 低保 --done 填了 --result satisfied --solved yes \
    --at "2026-03-$((n + 10)) 10:0$n" >said
done
now '2026-04-01 00:00'
is "a month is the township's" 1 "$(open2 零点 >said && figure v2 .cohort --month 2026-04)"
y v2 --as 干部2乙 case open --title 四月 --category 道路 >said
now '2026-03-31 23:59'
open2 最后一分钟 >said
is "and the last minute the one's before" "19 2" "$(figure v2 .cohort --month 2026-03) $(figure v2 .cohort --month 2026-04)"
now '2026-04-20 09:00'
y v1 case resolve "$c3" --text 铺好了 >said
y v1 case followup "$c3" --result satisfied --solved yes >said
y v1 case followup "$c11" --result partly --solved no >said
y v1 case reopen "$c4" --reason 又有人说 >said
y v1 case edit "$c8" --category 水电 >said
visit v1 v2

now '2026-05-06 09:00'
is "cases" 41 "$(yj hub .cases status)"
figures_agree hub v1 v2
is "villages" "V1 V2" "$(yj hub 'map(.village) | join(" ")' stats --by village)"
for v in 1 2; do
  is "the hub's figures are the village's" "$(yj "v$v" . stats --by village)" \
    "$(yj hub "map(select(.village == \"V$v\"))" stats --by village)"
done
is "who opened" "V1 干部1, V2 干部2, V2 干部2乙" "$(yj hub 'map("\(.village) \(.worker)") | join(", ")' stats --by worker)"
is "offices" "城建办 民政办 null" "$(yj hub 'map(.office | tostring) | join(" ")' stats --by office)"
is "void, merged, history" "1 0" "$(figure v1 '"\(.void) \(.merged)"')"
is "refused, closed or not" 2 "$(figure v1 .refused)"
y hub stats >said
grep -E '^Satisfaction +[0-9]+/[0-9]+ [0-9]+%$' said >/dev/null || fail "for people: $(cat said)"
y hub stats --by worker >said
is "a heading and three workers, twice" 9 "$(wc -l <said)"

# A sample: the same from the same seed, everyone reachable from a large one, as sha256sum orders them.
before=$(yj hub 'map(.seed) | unique | length' hub samples) # by the calculation above
draw() { yj hub 'map(.case) | join(" ")' hub sample "$@" 2>drawn; }
all=$(draw 100 --seed 7)
is "drawn again" "$all" "$(draw 100 --seed 7)"
is "the first three" "$(cut -d' ' -f1-3 <<<"$all")" "$(draw 3 --seed 7)"
[ "$all" != "$(draw 100 --seed 8)" ] || fail "another seed draws the same"
y hub export --format jsonl >hub.jsonl
is "in the order of hashes" "$all" "$(jq -r 'select((.state == "closed" or .state == "followed-up")
  and (.anonymous or (.no_follow_up and .result == "unreachable") or .imported | not)) | "\(.id) \(.case)"' hub.jsonl |
  while read -r id number; do
    echo "$(printf 'yizhan-sample-v1\n%s\n%s\n' 7 "$id" | sha256sum | cut -c1-64) $number"
  done | LC_ALL=C sort | cut -d' ' -f2 | tr '\n' ' ' | sed 's/ $//')"
draw 2 >first
grep -E '^Drawn with the seed [0-9]+, as of 20[0-9-]+ [0-9:]+\.$' drawn >/dev/null || fail "no seed: $(cat drawn)"
grep -q "this is drawing $((before + 3))" drawn || fail "how often it was drawn is not said: $(cat drawn)"
seed=$(grep -oE 'seed [0-9]+' drawn | cut -d' ' -f2)
is "the seed draws it again" "$(cat first)" "$(draw 2 --seed "$seed")"
is "and is the same drawing" "$((before + 3)) true" "$(yj hub '.[0] | "\(.drawing) \(.at | startswith("20"))"' hub sample 2 --seed "$seed" 2>/dev/null)"
is "each is kept" "7 1 100,7 1 100,7 1 3,8 2 100,$seed 3 2,$seed 3 2,$seed 3 2" \
  "$(yj hub ".[-7:] | map(\"\(.seed) \(.drawing - $before) \(.size)\") | join(\",\")" hub samples)"
YIZHAN_LANG=zh y hub hub samples >said
is "for people" "$(($(yj hub length hub samples) + 1))" "$(wc -l <said)"
is "by month" 0 "$(draw 100 --month 2026-04 | wc -w)"
is "in March" "$all" "$(draw 100 --seed 7 --month 2026-03)"
! grep -q 'other seeds' drawn || fail "the first drawing of that month: $(cat drawn)"
is "counted apart" "2026-03 1" "$(yj hub '.[-1] | "\(.month) \(.drawing)"' hub samples)"
is "none in another month" "" "$(draw 5 --month 2025-12)"
is "whom to ask" '["555-0100","V1","张三","路灯"]' \
  "$(yj hub "map(select(.case == \"$c1\"))[0] | [.phone, .village, .resident, .title] | tojson" hub sample 100 --seed 7 2>/dev/null)"
exits 1 y v1 hub sample 3
for n in 0 -1 x 1000001; do exits 2 y hub hub sample "$n"; done

# Who tells the township that they are not satisfied has their case back, closed or not.
is "closed" closed "$(yj v1 .state case show "$c1")"
y hub case followup "$c1" --result dissatisfied --solved no --text 又不亮了 >said
visit v1
is "taken up again at the village" "in-hand reopened dissatisfied" \
  "$(yj v1 '[.state, .flags[0], .result] | join(" ")' case show "$c1")"
exits 1 y v2 case followup "$c1" --result satisfied
is "asked by the township: not drawn again" "" "$(draw 100 --seed 7 | tr ' ' '\n' | grep -x "$c1" || true)"
another=$(tr ' ' '\n' <<<"$all" | grep -vxm1 "$c1")
y hub case followup "$another" --result satisfied >said
is "nor who was satisfied" 2 $(($(wc -w <<<"$all") - $(draw 100 --seed 7 | wc -w)))
figures_agree hub v1
echo "figures at hub and villages are those of the calculation"
