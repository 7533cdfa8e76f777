#!/bin/bash
# The page in a browser: story.mjs, one village and one Chromium for all of it.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
browser
village v
show v
export URL
story story
# What people did in the browser is in the village's store, well signed.
is "closed cases" 3 "$(yj v 'map(select(.state == "closed")) | length' case list)"
is "solved on the spot, by the keyboard" 'closed followup resolve open' \
  "$(yj v '[.state, (.history | reverse[1:][].type[5:])] | join(" ")' case show "$(yj v '.[] | select(.title == "Keys alone") | .case' case list)")"
y v verify >said
hide v

# The program is stopped under someone's hands, and started again at the same place.
story stopped
y v case show "$(yj v '.[0].case' case list)" >shown
grep -q 'Typed 村口' shown && grep -q 'Still here' shown || fail "what was typed before: $(cat shown)"
