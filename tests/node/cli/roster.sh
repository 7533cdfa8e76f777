#!/bin/bash
# Who may sign: added by the village, granted and revoked by the hub; release.
. "$(dirname "$0")/../../harness/script.sh"

y hub hub init --township 青山镇 --code QSZ --worker 书记 >said
y hub hub invite --village 柳村 --code LC -o lc.json >said
y lc join lc.json --worker 张 >said
y lc sync >said
y hub hub ingest >said
y lc sync >said

# A worker added at home signs at once; the township hears and waits.
is "added" awaiting "$(yj lc .state worker add 李)"
exits 1 y lc worker add 李
exits 1 y lc case open --title 谁
y lc --as 李 case open --title 水渠 >said
is "at home" 1 "$(yj lc length case list)"
y lc sync >said
y hub hub ingest >said
is "waiting at the hub" 1 "$(yj hub '.[0].waiting' hub villages)"
is "not shown there" 0 "$(yj hub length case list)"
y lc sync >said
is "known at home" 1 "$(yj lc .waiting status)"
is "listed" awaiting "$(yj hub 'map(select(.worker == "李"))[0].state' hub roster list --village LC)"

# Granted: counts at once, and the village hears.
exits 1 y hub hub roster grant LC 王
exits 1 y hub hub roster grant XX 李
exits 1 y lc hub roster grant LC 李
is "granted" granted "$(yj hub .state hub roster grant LC 李)"
is "granted again" true "$(yj hub .already hub roster grant LC 李)"
is "counts" 1 "$(yj hub length case list)"
y hub hub ingest >said
y lc sync >said
is "state at home" granted "$(yj lc 'map(select(.worker == "李"))[0].state' worker list)"
is "nothing waits" 0 "$(yj lc .waiting status)"

# Only an administrator decides.
y hub worker add 办事员 >said
exits 1 y hub hub roster revoke LC 李
exits 1 y hub --as 办事员 hub roster revoke LC 李
exits 1 y hub --as 办事员 worker add 别人
y hub --as 办事员 case note "$(yj hub '.[0].case' case list)" --text 已转 >said

# Revoked: what came before counts, what comes after does not.
key=$(yj lc 'map(select(.worker == "李"))[0].key' worker list)
is "revoked by key" revoked "$(yj hub .state --as 书记 hub roster revoke LC "${key:0:12}")"
is "the past counts" 1 "$(yj hub length case list)"
y lc --as 李 case open --title 事后 >said
y lc --as 张 case open --title 张的 >said
y lc sync >said
is "not accepted" 1 "$(yj hub 'map(.accepted) | add' hub ingest)"
is "and why" 'case.open author.revoked' "$(y hub log --content | jq -r 'select(.[3] != null) | .[0].type + " " + .[3]')"
is "what counts" 张的,水渠 "$(yj hub 'map(.title) | sort | join(",")' case list)"
exits 1 y hub --as 书记 hub roster grant LC "$key"

# Released, by the number that quarantine gives it.
number=$(yj hub 'map(select(.rule == "author.revoked"))[0].number' hub quarantine list)
is "evidence" true "$(yj hub '(.text | fromjson)[0].type == "case.open"' hub quarantine show "$number")"
exits 1 y hub --as 办事员 hub quarantine release "$number"
exits 1 y hub --as 书记 hub quarantine release 999
exits 2 y hub --as 书记 hub quarantine release x
y hub --as 书记 hub quarantine release "$number" >said
is "released again" true "$(yj hub .already --as 书记 hub quarantine release "$number")"
is "counts now" 3 "$(yj hub length case list)"
is "marked" true "$(yj hub ".[] | select(.number == $number).released" hub quarantine list)"

# A whole node.
node=$(yj lc .node status)
y hub --as 书记 hub roster revoke LC "$node" >said
y lc --as 张 case open --title 太晚 >said
y lc sync >said
y hub hub ingest >said
is "nothing more counts" 3 "$(yj hub length case list)"
is "verified" true "$(yj hub .ok verify)"
