#!/bin/bash
# The first load of the page: how many bytes it has, and that browsers of five years ago know all that is in it: weight.mjs.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
browser
village v
show v
export URL
story weight
hide v
