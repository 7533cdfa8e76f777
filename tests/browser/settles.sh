#!/bin/bash
# What the township's administrator settles in the browser, and a village invited there that joins: settles.mjs.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
. "$(dirname "$0")/nodes.sh"
browser
village v1
village v2
township
serve_hub hub
export URL DOWNLOADS=$PWD
story settles
# The invitations that the page wrote are invitations, and what was settled is told in the ledgers.
for n in 1 2; do
  y "v$n" join "A$n.invitation" --json >said
  y "v$n" sync >said || [ $? = 3 ]
done
is "villages" 'A1 A2' "$(yj hub '[.[] | .code] | sort | join(" ")' hub villages)"
is "offices" '水利站 Water,林业站 Forest' "$(yj hub '.offices | join(",")' settings show)"
is "zone" -03:30 "$(yj hub .zone settings show)"
is "days" 8 "$(yj hub '.ordinary[0]' settings show)"
is "notices" 2 "$(yj hub length notice list)"
y hub verify >said
hide hub
