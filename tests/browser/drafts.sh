#!/bin/bash
# A first passphrase takes out of the browser's store what drafts held of names before: drafts.mjs.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
browser
y v init --village '示例村 Sample Village' --code SL --worker 'Clerk' >said
y v case open --title 'Before' --resident 'Sample Before' >said
show v
export URL
story drafts
is "the worker's key" passphrase "$(yj v .keys status)"
hide v
