#!/bin/bash
# The page in Firefox ESR: firefox.mjs. tools/packages does not install it, since it takes 300 MB; where it is absent the test is
# skipped. FIREFOX names another.
FIREFOX=${FIREFOX:-/usr/bin/firefox-esr}
[ -x "$FIREFOX" ] || { echo "$FIREFOX is not there (Debian's firefox-esr): the page is not tried in it"; exit 77; }
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
browser
village v
show v
export URL FIREFOX ROOM=$HERE
story firefox
is "what was written" '路灯不亮 Street lamp' "$(yj v '.[0].title' case list)"
hide v
