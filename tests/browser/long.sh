#!/bin/bash
# A list of cases that goes on as one scrolls: long.mjs. MANY=100000 shows that it does so without a pause.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
browser
village v
export MANY=${MANY:-700}
for ((i = 1; i <= MANY; i++)); do echo "{\"title\":\"case $i\",\"opened\":\"2026-10-01\",\"place\":\"$((i % 100 == 0 ? 7 : 8)) Bridge\"}"; done >cases.jsonl
y v --as Ben --passphrase-file passphrase case import cases.jsonl >said
show v
export URL
story long
hide v
