#!/bin/bash
# The township's pages, at the hub's own PC and over the net: hub.mjs, in both languages.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
. "$(dirname "$0")/nodes.sh"
browser
echo "$PASSPHRASE" >passphrase
township
add_village v1 DW '东湾村 East Bay'
add_village v2 SL '示例村 Sample Village'
for role in clerk auditor; do
  y hub --as '示例镇干部 Officer' worker add "$role" --role "$role" --new-passphrase-file passphrase >said
done
invited BW '北湾村 North Bay'
for title in '水沟堵了 Ditch blocked' '水沟又堵 Ditch again' '路灯不亮 Lamp is dark' '自来水浑 Water is muddy'; do
  y v1 case open --title "$title" --resident '示例居民 Sample' >said
  y v1 case escalate "$(yj v1 '.[0].case' case list)" --reason '村里办不了' >said
done
# One village has a worker whom the township has not let in yet.
y v2 worker add '新来的 New one' >said
y v2 --as '新来的 New one' case open --title '等着的 Waits' >said
for v in v1 v2; do y $v sync >said; done
y hub hub ingest >said
serve_hub hub
export URL FAR
story hub
is "what became of the cases" 'assigned merged merged supervised' \
  "$(yj hub '[.[] | select(.village != "SL") | if .flags | index("supervised") then "supervised" else .state end] | sort | join(" ")' case list --limit 0)"
y hub verify >said
hide hub
