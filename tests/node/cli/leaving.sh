#!/bin/bash
# Who leaves: the right to sign ends at home, at once and with no road; what is left open.
. "$(dirname "$0")/../../e2e/lib.sh"

township 1
visit v1
one=$(opens v1 张的事)
y v1 case refuse "$(opens v1 了结的)" --reason x >said
exits 1 y v1 worker revoke 干部1
grep -q 'worker add' said || fail "it is not said what to do: $(cat said)"
exits 1 y v1 worker revoke 无此人
y v1 worker add 李 >said
exits 1 y v1 case note "$one" --text 谁
y v1 --as 李 case assign "$one" --to 李 >said
two=$(yj v1 .case --as 李 case open --title 李开的)
three=$(yj v1 .case --as 李 case open --title 李开张办)
y v1 --as 李 case assign "$three" --to 干部1 >said
y v1 --as 李 case refuse "$(yj v1 .case --as 李 case open --title 李结的)" --reason x >said
visit v1
y hub hub roster grant V1 李 >said
visit v1
key=$(yj v1 'map(select(.worker == "李"))[0].key' worker list)

# With no road; who acts is the other one, where there is but one.
mv hub away
said=$(y v1 --json worker revoke 李)
mv away hub
is "whom" "李 $key" "$(jq -r '"\(.worker) \(.key)"' <<<"$said")"
is "what is left open" "$(printf '%s\n' "$one" "$two" | sort)" "$(jq -r '.open_cases[]' <<<"$said" | sort)"
is "who signs here" 干部1 "$(yj v1 'map(.worker) | join(" ")' worker list)"
exits 1 y v1 --as 李 case note "$one" --text 还在
exits 1 y v1 worker revoke 李
is "the key is gone" 0 "$(sqlite3 v1/yizhan.db "SELECT count(*) FROM worker WHERE hex(key)=upper('$key')")"
y v1 case note "$one" --text 接手 >said
visit v1
well v1 V1
clean hub v1
is "at the hub" revoked "$(yj hub 'map(select(.worker == "李"))[0].state' hub roster list)"
is "what was signed counts" 5 "$(yj hub length case list)"
exits 1 y hub hub roster grant V1 李

# Back: with a new key.
y v1 worker add 李 >said
[ "$(yj v1 'map(select(.worker == "李"))[0].key' worker list)" != "$key" ] || fail "the key is the old one"
y v1 --as 干部1 worker add 王 >said
exits 1 y v1 worker revoke 王
y v1 --as 李 worker revoke 王 >said
y v1 worker revoke 李 >said

# A copy that still has the key: what it signs counts nowhere; and a worker taken back
# after a restore loses nothing.
y v1 worker add 赵 >said
visit v1
y hub hub roster grant V1 赵 >said
visit v1
y v1 backup v1.bak >said
kept=$(yj v1 .case --as 赵 case open --title 备份之后)
visit v1
y copy restore v1.bak >said
visit copy
is "taken back" 1 "$(yj copy "map(select(.case == \"$kept\")) | length" case list)"
y copy --as 干部1 worker revoke 赵 >said
visit copy
is "what was taken back counts" 1 "$(yj hub "map(select(.case == \"$kept\")) | length" case list)"
is "there too" 1 "$(yj copy "map(select(.case == \"$kept\")) | length" case list)"
y v1 --as 赵 case open --title 偷写 >said
visit v1
is "not what the old copy signs" 0 "$(yj hub 'map(select(.title == "偷写")) | length' case list)"
visit copy v1
visit copy v1
agree copy V1
agree v1 V1
clean hub v1 copy
exits 1 y v1 --as 赵 case open --title 再写

# At the hub: an administrator, and not the last one; in every ledger.
village 2
exits 1 y hub worker revoke worker
y hub worker add 办事员 >said
exits 1 y hub --as 办事员 worker revoke worker
exits 1 y hub --as worker worker revoke worker
village 3
y hub --as worker worker revoke 办事员 >said
is "in every ledger" "3 1" "$(sqlite3 hub/yizhan.db "SELECT count(*), (SELECT count(*) FROM worker) FROM record WHERE type='worker.end' AND log IN (SELECT n FROM log WHERE hub=1)" | tr '|' ' ')"
clean hub
echo "who leaves signs no more, and what they signed counts"

# Two who end each other at once: one of them is left.
y two init --village 样例村 --code SL --worker 甲 >said
y two worker add 乙 >said
for _ in {1..20}; do
  rm -rf both
  cp -a two both
  y both --as 甲 worker revoke 乙 >said 2>&1 &
  y both --as 乙 worker revoke 甲 >said.other 2>&1 &
  wait
  is "who is left" 1 "$(yj both length worker list)"
  y both case open --title 还能登记 >said
done
