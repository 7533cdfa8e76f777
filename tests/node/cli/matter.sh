#!/bin/bash
# The same matter from several people: offered at entry, merged by a person, and each is asked.
. "$(dirname "$0")/../../harness/script.sh"

"$YIZHAN" init --village 石桥村 --code QS3 --worker 王五 --dir v >said
open() { yj v .case case open --title "$@"; }
field() { yj v "$1" case show "$2"; }

# What may be the same: nearly the same title, or the same household, within thirty days.
lamp=$(open 村口路灯不亮 --resident 张三 --at 2026-03-02)
is "nothing is near" null "$(yj v .duplicates case open --title 水管漏水 --household 甲户 --at 2026-03-02)"
is "a near title" "$lamp" "$(yj v '.duplicates[].case' case open --title 村口的路灯不亮了 --at 2026-03-20)"
is "too long ago" null "$(yj v .duplicates case open --title 村口路灯不亮 --at 2026-05-20)"
is "the same household" 水管漏水 "$(yj v '.duplicates[].title' case open --title 要补助 --household 甲户 --at 2026-03-03)"
y v case open --title 村口路灯又不亮 --at 2026-03-05 >said 2>offered
[[ $(cat said) =~ ^QS3-26-[0-9]{4}-.$ ]] || fail "the number alone is printed: $(cat said)"
grep -q "$lamp" offered || fail "the near one is not offered: $(cat offered)"
is "nothing was merged by itself" 0 "$(yj v '[.[] | select(.state == "merged")] | length' case list --limit 0)"

# Merged: each keeps its number and its resident; the work is done on the other.
second=$(open 路灯坏了 --resident 李四) third=$(open 黑灯 --resident 王二)
exits 1 y v case merge "$second" --into "$second"
exits 1 y v case merge "$second" --into QS3-26-9999-X
exits 2 y v case merge "$second"
y v case merge "$second" --into "$lamp" --text 同一盏灯 >said
is "merged" "merged $lamp 李四" "$(field '.state + " " + .merged_into + " " + .resident' "$second")"
exits 1 y v case merge "$third" --into "$second"
grep -q 'Merge into that one' said || fail "where to merge is not said: $(cat said)"
y v case merge "$third" --into "$lamp" >said
is "the matter" "$second $third" "$(field '.matter | join(" ")' "$lamp")"
y v case show "$lamp" >out
grep -q "$second  李四" out || fail "who else asked is not shown: $(cat out)"
exits 1 y v case resolve "$second" --text x
exits 1 y v case note QS3 --text x

# Asked once the other is resolved; each answer counts.
exits 1 y v case followup "$second" --result satisfied
y v case resolve "$lamp" --text 换了灯 >said 2>reminded
is "who is to be asked" 2 "$(grep -cE "$second|$third" reminded)"
y v case followup "$second" --result satisfied --solved yes >said
is "asked" "followed-up $lamp" "$(field '.state + " " + .merged_into' "$second")"
y v case close "$second" >said
is "closed" closed "$(field .state "$second")"
y v case followup "$third" --result dissatisfied --text 我家门口还黑 >said
is "a case of its own again" "in-hand reopened null" \
  "$(field '.state + " " + .flags[0] + " " + (.merged_into | tojson)' "$third")"
is "the other one stays" "resolved" "$(field .state "$lamp")"
is "still one matter" "$second" "$(field '.matter | join(" ")' "$lamp")"

# Seen as one: each matter once, with how many asked.
is "in the list" "2" "$(yj v ".[] | select(.case == \"$lamp\") | .people" case list --matter --limit 0)"
is "not by itself" 0 "$(yj v "[.[] | select(.case == \"$second\")] | length" case list --matter --limit 0)"
is "without it" 1 "$(yj v "[.[] | select(.case == \"$second\")] | length" case list --limit 0)"
y v case list --matter --limit 0 >out
grep -q '路灯不亮 ×2' out || fail "how many asked is not shown: $(cat out)"

# Each kind of case is given its time; what is wrong is corrected.
is "ordinary" ordinary "$(field .class "$third")"
m=$(open 信访 --class petition)
is "petition" petition "$(field .class "$m")"
y v case edit "$m" --class complex >said
is "complex" complex "$(field .class "$m")"
exits 2 y v case open --title x --class hasty

# More days: within the limit at home, beyond it asked of the township, of its head.
y v case extend "$m" --days 15 --reason 等材料 >said
is "extended" '["applied",15]' "$(field '.history[-1] | [.effect, .body.days] | tojson' "$m")"
y v case extend "$m" --days 1 --reason 再等 >out 2>said
is "a second time" request "$(field '.history[-1].effect' "$m")"
grep -q request said || fail "it is not said that it is a request: $(cat said)"
is "asked" true "$(field .requested "$m")"
exits 2 y v case extend "$m" --days x --reason y
exits 2 y v case extend "$m" --days 3
exits 2 y v case extend "$m" --days 0 --reason y
exits 2 y v case extend "$m" --days 5000 --reason y
is "nothing of it was written" 1 "$(field '.history[-1].body.days' "$m")"
y v case extend "$third" --days 6 --reason 太少 >out 2>said
is "too many days" request "$(field '.history[-1].effect' "$third")"

# Referred: the flag stands at once, and the township is asked.
y v case refer "$third" --to 县电力公司 --reason 高压线 >said
is "referred" '[["reopened","referred"],true,"县电力公司"]' \
  "$(field '[.flags, .requested, .history[-1].body.to] | tojson' "$third")"
y v case merge "$third" --into "$lamp" >out 2>said
is "no longer the village's to merge" request "$(field '.history[-1].effect' "$third")"

is "what was asked" "$m $third" "$(yj v '[.[].case] | join(" ")' case list --requested)"
is "referred ones" "$third" "$(yj v '[.[].case] | join(" ")' case list --flag referred)"

# Given to a worker by name: the record says which; to anyone else by name alone.
y v case assign "$m" --to 王五 >said
is "to a worker" 64 "$(field '.history[-1].body.worker | length' "$m")"
y v case assign "$m" --to 电工组 >said
is "whose they are" "$m" "$(yj v '[.[].case] | join(" ")' case list --assigned 电工组)"
is "of the village" "$(yj v length case list --limit 0)" "$(yj v length case list --limit 0 --village QS3)"
exits 1 y v case list --village ZZ
is "to others" '["to"]' "$(field '.history[-1].body | keys | tojson' "$m")"
echo "one matter, many people"
