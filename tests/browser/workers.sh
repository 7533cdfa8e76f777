#!/bin/bash
# Who works at a village's PC: added, granted by the township, renamed, ended, in the page: workers.mjs, in both languages.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
. "$(dirname "$0")/nodes.sh"
browser
joined v
y v sync >said
by_hand v
show v
export URL
for LANGUAGE in zh en; do
  export LANGUAGE STEP
  STEP=added story workers
  y v sync >said
  y hub hub ingest >said
  y hub hub roster grant SL "新来的 New $LANGUAGE" >said
  y hub hub ingest >said
  y v sync >said
  STEP=granted story workers
  y v sync >said
  y hub hub ingest >said
done
is "who is left" '示例干部 Clerk Ben' "$(yj v 'map(.worker) | join(" ")' worker list)"
is "at the hub" 'revoked revoked' "$(yj hub '[.[] | select(.worker | startswith("改名")) | .state] | join(" ")' hub roster list)"
is "what they wrote counts" 2 "$(yj hub '[.[] | select(.title == "新人写的 By the new one")] | length' case list)"
y v verify >said
hide v
