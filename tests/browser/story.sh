#!/bin/bash
# The page in a browser: story.mjs, one village and one Chromium for all of it. Pictures of what was seen lie
# in $PICTURES where that is set.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
[ -x "$CHROMIUM" ] || fail "$CHROMIUM is missing: tools/packages installs it"
cmake --build "${BUILD_DIR:?}" --target yizhan_browser_modules >built 2>&1 || fail "$(cat built)"

village v
show v
export CHROMIUM URL PASSPHRASE MODULES=$BUILD_DIR/npm/browser PICTURES=${PICTURES:-$HERE/pictures}
mkdir -p "$PICTURES"
node "$YIZHAN_SOURCE_DIR/tests/browser/story.mjs" >story.said 2>&1 || fail "$(cat story.said)"
cat story.said
# What people did in the browser is in the village's store, well signed.
is "closed cases" 3 "$(yj v 'map(select(.state == "closed")) | length' case list)"
is "solved on the spot, by the keyboard" 'closed followup resolve open' \
  "$(yj v '[.state, (.history | reverse[1:][].type[5:])] | join(" ")' case show "$(yj v '.[] | select(.title == "Keys alone") | .case' case list)")"
y v verify >said
hide
