#!/bin/bash
# Two tabs and two workers at the page at once: tabs.mjs.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
browser
village v
show v
export URL
story tabs
is "resolved once" 'by 2' "$(yj v '.[] | select(.title == "First tab") | .case' case list | xargs -I{} "$YIZHAN" --dir v --json --as Ben --passphrase-file passphrase case show {} | jq -r '.history[] | select(.type == "case.resolve") | .body.text')"
is "both" 'First tab Second tab' "$(yj v 'map(.title) | sort | join(" ")' case list)"
y v verify >said
hide v
