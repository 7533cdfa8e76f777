#!/bin/bash
# Two pages at once, a village's in Chinese and the township's in English, and contacts between them that the pages begin:
# township.mjs.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
browser
village v
y hub hub init --township '示例镇 Sample Township' --code SZ --worker '示例镇干部 Officer' >said
y hub hub invite --village '示例村 Sample Village' --code SL --output invitation >said
y v join invitation >said
by_hand v
show v
export VILLAGE=$URL
show hub
export HUB=$URL
story township
y v --json case list >cases
is "what became of it, at the village" 'closed satisfied' "$(yj v '[.state, .result] | join(" ")' case show "$(jq -r '.[] | select(.title == "水沟堵了 Ditch") | .case' cases)")"
is "the same at the hub" 'closed satisfied' "$(yj hub '[.state, .result] | join(" ")' case show "$(jq -r '.[] | select(.title == "水沟堵了 Ditch") | .case' cases)")"
is "nothing is apart" 0 "$(yj v 'map(.conflict_count) | add' case list)"
is "the officer's key" true "$(yj hub '.[0].locked' worker list)"
y v verify >said
y hub verify >said
hide v
hide hub
