#!/bin/bash
# What a village has to do today, its households, and what came from the township: today.mjs, in both languages.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
. "$(dirname "$0")/nodes.sh"
browser
joined v
ben="y v --as Ben --passphrase-file passphrase"
$ben case open --title '很久以前 Long ago' --at "$(date -d '60 days ago' '+%Y-%m-%d 12:00')" >said
$ben case open --title '已经修好 Mended' >said
$ben case resolve "$(yj v '.[] | select(.title | startswith("已经修好")) | .case' case list)" --text 'mended' >said
$ben case open --title '沟堵了 Ditch' >said
ditch=$(yj v '.[] | select(.title | startswith("沟堵了")) | .case' case list)
$ben case escalate "$ditch" --reason 'no digger' >said
$ben household add '示例户甲 Household A' --people '甲, 乙' --place '村东 East end' >said
$ben household add '单小明户' >said
$ben household visit '单小明户' >said
y hub settings set --category 道路 >said
y hub settings set --category 低保 >said
y v sync >said
y hub hub ingest >said
y hub case assign "$ditch" --to '水利站 Water station' >said
y hub notice post --title '停水通知 No water' --text '星期一停水。 On Monday.' >said
y hub hub ingest >said
y v sync >said
show v
export URL
story today
is "visits" 2 "$($ben --json household show '示例户甲 Household A' | jq '.visits | length')"
is "changed" '村西 West end' "$($ben --json household show '示例户甲 Household A' | jq -r .place)"
is "entered in both languages" 2 "$($ben --json household list | jq 'map(select(.name | startswith("新户"))) | length')"
found() {
  for number in $(yj v '.[] | select(.title | startswith("找")) | .case' case list); do $ben --json case show "$number" | jq -r '"\(.category) \(.household)"'; done
}
is "found by typing" "$(printf '%s\n' '灌溉 曾未登记' '道路 单小明户' '道路 单小明户' | sort)" "$(found | sort)"
is "sealed without the passphrase" 4 "$(yj v 'map(select(.sealed and .name == null)) | length' household list)"
y v verify >said
hide v
