#!/bin/bash
# What the township settles about time: said at the hub, read at the villages.
. "$(dirname "$0")/../../harness/script.sh"
settled() { y "$1" --json settings show; }
days() { yj "$1" 'map("\(.date) \(.off)") | join(", ")' holiday list; }

y hub hub init --township 青山镇 --code QSZ --worker 书记 >said
default='{"zone":"+08:00","accept":1,"ordinary":[5,5],"complex":[15,15],"petition":[60,30],"offices":[],"categories":[]}'
is "where nothing was said" "$default" "$(settled hub)"
is "no days" "" "$(days hub)"

# Before there is a village, the hub keeps it for the first.
y hub worker add 办事员 >said
exits 1 y hub --as 办事员 holiday add 2026-10-01 --off
exits 1 y hub --as 办事员 settings set --accept 3
is "a day off" '{"date":"2026-10-01","off":true}' "$(y hub --as 书记 --json holiday add 2026-10-01 --off)"
y hub --as 书记 holiday add 2026/10/10 --off >said
y hub --as 书记 holiday add 2026年10月10日 --work >said
y hub --as 书记 settings set --accept 2 --petition 50 --office 民政办 --category 道路 >said
for args in 'settings set --accept 2' 'settings set --petition 50 --office 民政办' 'settings set --category 道路' 'holiday add 2026-10-10 --work'; do
  # shellcheck disable=SC2086
  is "$args again" true "$(y hub --as 书记 --json $args | jq .already)"
done
is "known at once" "2026-10-01 true, 2026-10-10 false" "$(days hub)"
y hub hub invite --village 柳村 --code LC -o lc.json >said
is "the same with a village" "2026-10-01 true, 2026-10-10 false" "$(days hub)"
first='{"zone":"+08:00","accept":2,"ordinary":[5,5],"complex":[15,15],"petition":[50,30],"offices":["民政办"],"categories":["道路"]}'
is "settings too" "$first" "$(settled hub)"

# A village alone has none; with the hub it has the hub's.
y lc init --village 柳村 --code LC --worker 张 >said
is "alone" "$default" "$(settled lc)"
exits 1 y lc holiday add 2026-10-01 --off
exits 1 y lc settings set --accept 3
y lc join lc.json >said
y lc sync >said
y hub hub ingest >said
y lc sync >said
is "days at the village" "2026-10-01 true, 2026-10-10 false" "$(days lc)"
is "settings at the village" "$first" "$(settled lc)"

# What is wrong is not said.
exits 1 y hub --as 办事员 holiday add 2026-10-02 --off
exits 1 y hub --as 办事员 settings set --office 司法所
for args in '2026-10-02' '2026-10-02 --off --work' '2026-02-29 --off' 'morgen --off' '2026-10-02T09:00 --off'; do
  # shellcheck disable=SC2086
  exits 2 y hub --as 书记 holiday add $args
done
for args in '' '--accept 0' '--accept 3651' '--ordinary 0' '--ordinary 5,' '--ordinary 5,5,5' '--ordinary ,5' \
  '--ordinary -5' '--ordinary 99999999999999999999' '--complex 5,x' '--petition 60,3651' '--zone Asia/Shanghai' '--zone +8:00' \
  '--zone +08:10' '--zone +14:15' '--zone -12:15' '--zone -00:00'; do
  # shellcheck disable=SC2086
  exits 2 y hub --as 书记 settings set $args
done
exits 1 y hub --as 书记 settings set --no-office 司法所
exits 1 y hub --as 书记 settings set --no-category 水
exits 1 y hub --as 书记 settings set --category ''
exits 1 y hub --as 书记 settings set --office "$(printf '%0201d' 0)"
exits 1 y hub --as 书记 settings set --category "$(printf '%0201d' 0)"
is "nothing has changed" "$first" "$(settled hub)"

# The same again: it was so already.
records() { sqlite3 hub/yizhan.db "SELECT count(*) FROM record"; }
before=$(records)
for args in '--office 民政办' '--category 道路' '--accept 2' '--zone +08:00' '--petition 50,30' '--petition 50 --accept 2 --office 民政办'; do
  # shellcheck disable=SC2086
  is "settings set $args again" "$(jq -c '. + {already: true}' <<<"$first")" "$(y hub --as 书记 --json settings set $args)"
done
is "a day again" '{"date":"2026-10-01","off":true,"already":true}' "$(y hub --as 书记 --json holiday add 2026-10-01 --off)"
y hub --as 书记 holiday add 2026-10-01 --off >said
grep -q 'It was so already' said || fail "$(cat said)"
y hub --as 书记 settings set --office 民政办 >said
grep -q 'It was so already' said || fail "$(cat said)"
is "nothing was written" "$before" "$(records)"

# A change goes to every village; one that is invited later hears all of it.
y hub --as 书记 settings set --ordinary 7,3 --complex 20 --office 司法所 --no-office 民政办 >said
y hub --as 书记 settings set --category 低保 --no-category 道路 >said
y hub --as 书记 settings set --category 水 >said
is "taken out again" true "$(y hub --as 书记 --json settings set --no-office 民政办 | jq .already)"
is "a category taken out again" true "$(y hub --as 书记 --json settings set --no-category 道路 | jq .already)"
y hub --as 书记 holiday add 2026-10-10 --off >said
y hub --as 书记 holiday add 2027-01-01 --off >said
y hub --as 书记 hub invite --village 沙村 --code SC -o sc.json >said
y sc join sc.json --worker 李 >said
y sc sync >said
y hub hub ingest >said
y sc sync >said
y lc sync >said
second='{"zone":"+08:00","accept":2,"ordinary":[7,3],"complex":[20,15],"petition":[50,30],"offices":["司法所"],"categories":["低保","水"]}'
for node in hub lc sc; do
  is "settings at $node" "$second" "$(settled "$node")"
  is "days at $node" "2026-10-01 true, 2026-10-10 true, 2027-01-01 true" "$(days "$node")"
done
is "of a year" 2027-01-01 "$(yj lc 'map(.date) | join(" ")' holiday list --year 2027)"
is "of no year" 0 "$(yj lc length holiday list --year 2025)"
y lc holiday list >said
grep -qE '^2026-10-10 +off$' said || fail "$(cat said)"
y lc settings show >said
grep -qE '^ordinary +7 +3 +working days$' said || fail "$(cat said)"
grep -qx 'Office: 司法所' said || fail "$(cat said)"
grep -qx 'Category: 低保' said || fail "$(cat said)"
grep -qx 'Zone: +08:00' said || fail "$(cat said)"

# A case's category is one of them, or as people put it; then they are told.
y lc case open --title 井 --category 水 >said 2>told
is "one of them" "" "$(cat told)"
y lc case open --title 桥 --category 道路 >said 2>told
grep -q 'no category “道路”; it was kept as written. Its categories: 低保, 水\.' told || fail "$(cat told)"
is "kept" 道路 "$(yj lc .category case show "$(cat said)")"
y lc case edit "$(cat said)" --category 水利 >said 2>told
grep -q 'no category “水利”' told || fail "$(cat told)"
y lc case edit "$(cat said)" --category 低保 >said 2>told
is "one of them again" "" "$(cat told)"

# It is made anew from the records, and stands in a backup.
y lc rebuild --from ledger >said
is "after rebuild" "$second" "$(settled lc)"
is "days after rebuild" "2026-10-01 true, 2026-10-10 true, 2027-01-01 true" "$(days lc)"
for node in hub lc sc; do is "verified $node" true "$(yj "$node" .ok verify)"; done
