#!/bin/bash
# A township in a zone of its own: zone.sh ZONE. Days, months, numbers, what is due, what is typed without
# a zone and what is shown are that zone's at hub and villages, whatever the PC's; a village that hears of
# it later comes to the same; what was due before the zone changed stays due then. tests/judge agrees.
ZONE=$1
. "$(dirname "$0")/lib.sh"
${CC:-cc} -shared -fPIC -D_GNU_SOURCE -o clock.so "$ROOM/clock.c" -ldl || exit 77
export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
PC=Asia/Shanghai
y() {
  local node=$1
  shift
  TZ=$PC LD_PRELOAD=$HERE/clock.so "$YIZHAN" --dir "$node" "$@"
}
now() { # TIME [ZONE]
  YIZHAN_TEST_NOW=$(date -d "$1 ${2:-$ZONE}" +%s)000
  export YIZHAN_TEST_NOW
}
opened() { yj "$1" .case case open --title "${2:-事}" "${@:3}"; } # NODE TITLE OPTIONS...
due() { yj "$1" .due case show "$2"; }
year() { cut -d- -f2 <<<"$1"; }
moment() { TZ=UTC date -d "$1" +%s; }
# same CASE NODE DUE: it is due then, as the node and the hub write it.
same() { is "due of $1" "$3 $3" "$(due "$2" "$1") $(due hub "$1")"; }
judged() {
  TZ=$PC LD_PRELOAD=$HERE/clock.so "$PYTHON" "$ROOM/../judge/judge.py" "$YIZHAN" hub "$@" >verdict 2>&1 || fail "the judge: $(cat verdict)"
}

# Settled before there is a village; one works alone until it joins, in the zone that is everyone's.
now '2026-12-30 09:00'
y hub hub init --township 青山镇 --code QSZ >said
is "where nothing was said" +08:00 "$(yj hub .zone settings show)"
y hub settings set --zone "$ZONE" >said
grep -qx "Zone: $ZONE" said || fail "$(cat said)"
is "at once" "$ZONE" "$(yj hub .zone settings show)"
y v3 init --village 村3 --code V3 --worker 干部3 >said
now '2026-12-31 23:59' +08:00
is "alone before the turn" 26 "$(year "$(opened v3)")"
now '2027-01-01 00:00' +08:00
is "alone after it" 27 "$(year "$(opened v3)")"
is "alone" +08:00 "$(yj v3 .zone settings show)"
now '2026-12-31 12:00'
village 1
village 2
visit v1 v2
is "told" "$ZONE $ZONE" "$(yj v1 .zone settings show) $(yj v2 .zone settings show)"
is "at 12:00 there" 12:00 "$(yj hub '.[0].last_heard[11:16]' hub villages)"

# The year's turn, with PCs elsewhere.
for PC in Asia/Shanghai Pacific/Kiritimati America/Los_Angeles UTC; do
  now '2026-12-31 23:59'
  is "the year before, PC in $PC" 26 "$(year "$(opened v1)")"
  now '2027-01-01 00:00'
  is "the year after, PC in $PC" 27 "$(year "$(opened v1)")"
done
PC=America/Los_Angeles

# Due at 24:00 there, over a holiday.
y hub holiday add 2027-01-05 --off >said
visit v1 v2
now '2027-01-04 23:59' # a Monday
last=$(opened v1 当日)
now '2027-01-05 00:00'
first=$(opened v1 次日)
same2() { is "$1" "$2" "$(due v1 "$3")"; }
same2 "opened in the last minute" "2027-01-07T00:00:00$ZONE" "$last"
same2 "opened in the first" "2027-01-07T00:00:00$ZONE" "$first"
now '2027-01-06 00:30'
is "due today" "$(printf '%s\n' "$first" "$last" | sort)" "$(yj v1 'map(select(.title != "事").case) | sort[]' case list --due-within 0)"
now '2027-01-05 23:59'
is "not due that day" 0 "$(yj v1 'map(select(.title != "事")) | length' case list --due-within 0)"
now '2027-01-06 23:59'
is "not overdue" 0 "$(yj v1 'map(select(.title != "事")) | length' case list --overdue)"
now '2027-01-07 00:00'
is "overdue" 2 "$(yj v1 'map(select(.title != "事")) | length' case list --overdue)"
y v1 case show "$last" >said
grep -q '^It was to be answered by the end of 2027-01-06: it is overdue.$' said || fail "$(cat said)"

# What is typed, and what a table says, without a zone; months.
now '2027-02-03 09:00'
is "as typed" "2027-01-31T23:59:00$ZONE" "$(yj v2 .opened case show "$(opened v2 一月 --at '2027-01-31 23:59')")"
is "as typed" "2027-02-01T00:00:00$ZONE" "$(yj v2 .opened case show "$(opened v2 二月 --at 2027-02-01)")"
is "with a zone" "$(moment '2027-02-01T12:00:00Z')" "$(moment "$(yj v2 .opened case show "$(opened v2 它处 --at 2027-02-01T12:00:00Z)")")"
solved=$(yj v2 .case case solve --title 办了 --done 好了 --result satisfied --solved yes --at '2027-02-02 10:00')
is "all of it then" "2027-02-02T10:00:00$ZONE" "$(yj v2 '[.history[].at] | unique | join(" ")' case show "$solved")"
y v2 case show "$solved" >said
grep -q '^Opened: 2027-02-02 10:00$' said || fail "$(cat said)"
mended=$(opened v2 修)
# Not on a day before it came; on that day at any hour, since a day alone is its midnight.
came=$(yj v2 .opened case show "$mended")
exits 1 y v2 case resolve "$mended" --text 修好 --at "$(date -d "${came:0:10} -1 day" +%F)"
grep -q 'before the case came' said || fail "said: $(cat said)"
y v2 case resolve "$mended" --text 修好 --at '2027-02-03 08:30' >said
is "resolved then" "2027-02-03T08:30:00$ZONE" "$(yj v2 .resolved case show "$mended")"
printf 'id,标题,时间\nx1,表一,2027-01-31 23:59\nx2,表二,2027/2/1\n' >table.csv
y v2 case import table.csv --live >said
is "of the table" "2027-01-31T23:59:00$ZONE 2027-02-01T00:00:00$ZONE" \
  "$(yj v2 '[.[] | select(.title | startswith("表")).opened] | sort | join(" ")' case list --limit 0)"
y v2 household add 张家 >said
y v2 household visit 张家 --at '2027-02-02 23:30' >said
is "visited" "2027-02-02T23:30:00$ZONE" "$(yj v2 '.[0].last_visit' household list)"
is "since then" 0 "$(yj v2 'map(select(.title == "一月")) | length' case list --since 2027-02-01 --limit 0)"
is "from then on" 1 "$(yj v2 'map(select(.title == "二月")) | length' case list --since 2027-02-01 --limit 0)"
visit v1 v2
for node in v2 hub; do
  is "January at $node" "$(yj $node '[.[] | select(.opened | startswith("2027-01"))] | length' case list --limit 0)" \
    "$(yj $node '.cohort + .merged + .void' stats --month 2027-01)"
done
is "of January" 2 "$(yj v2 .cohort stats --month 2027-01)"
y hub hub sample 9 --month 2027-02 --seed 1 --json >said
is "drawn" "$solved" "$(jq -r '.[].case' said)"
y v2 export --format csv >said
grep -q "2027-02-02T10:00:00${ZONE/+/[+]}" said || fail "$(cat said)"
judged v1 v2

# The one that was alone joins: its old numbers stay, and it hears of the zone.
y hub hub invite --village 村3 --code V3 -o v3.json >said
y v3 join v3.json >said
visit v3
is "then here too" "$ZONE" "$(yj v3 .zone settings show)"
is "still" "26 27" "$(yj v3 'map(.case | split("-")[1]) | sort | join(" ")' case list)"
judged v1 v2 v3

# Another zone: what was due stays due then, and is shown in the new one; who hears of it late comes to the same.
OTHER=-09:30
now '2027-03-01 20:00' # a Monday there, and in the other not later than that
before=$(opened v1 旧)
y v1 case accept "$before" >said
was=$(due v1 "$before")
visit v1 v2
now '2027-03-01 20:01'
y hub settings set --zone $OTHER >said
now '2027-03-02 00:30' $OTHER
late=$(opened v2 未知)
is "not known yet" "$ZONE" "$(yj v2 .zone settings show)"
visit v1 v2 v3
new=$(opened v1 新)
same "$late" v2 "2027-03-04T00:00:00$OTHER"
is "of the new" "2027-03-04T00:00:00$OTHER" "$(due v1 "$new")"
is "as it was" "$(moment "$was")" "$(moment "$(due v1 "$before")")"
is "shown there" $OTHER "$(due v1 "$before" | grep -o '.....\?.$')"
now '2027-03-31 23:59' $OTHER
is "as typed now" "2027-03-31T00:00:00$OTHER" "$(yj v1 .opened case show "$(opened v1 三月 --at 2027-03-31)")"
visit v1 v2 v3
judged v1 v2 v3

# Made anew from the records it is the same; nothing is damaged.
shown=$(yj v1 'map([.case, .due]) | tojson' case list --limit 0)
y v1 rebuild --from ledger >said
is "made anew" "$shown" "$(yj v1 'map([.case, .due]) | tojson' case list --limit 0)"
y hub backup hub.bak >said
rm -rf hub
y hub restore hub.bak >said
is "restored" $OTHER "$(yj hub .zone settings show)"
clean v1 v2 v3 hub

# What is damaged is opened all the same, and named.
sqlite3 v1/yizhan.db "UPDATE settled SET said='{\"zone\":' WHERE instr(said, 'zone')"
is "as if it was not said" +08:00 "$(yj v1 '.last_sync[-6:]' status)"
exits 4 y v1 verify
grep -q settled said || fail "$(cat said)"
y v1 rebuild --from ledger >said
is "healed" $OTHER "$(yj v1 .zone settings show)"
sqlite3 v1/yizhan.db "ALTER TABLE settled RENAME TO gone"
exits 1 y v1 case show V1-27-9999-X
grep -q 'no case' said || fail "of what went wrong it says something else: $(cat said)"
