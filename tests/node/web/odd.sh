#!/bin/bash
# What comes over the wire that no browser and no git sends: odd.py, to a hub's server by HTTPS and its page.
. "$(dirname "$0")/../../harness/script.sh"
. "$(dirname "$0")/serve.sh"

y hub hub init --township '示例镇 Sample Township' --code SZ --worker Officer >said
y hub hub config url https://township.example:8443 >said
serve_hub hub
MOST=102400
! grep -q '__[at]san_init' "$YIZHAN" || MOST=$((10 * MOST))
"${YIZHAN_PYTHON:?}" "$YIZHAN_SOURCE_DIR/tests/node/web/odd.py" "$(jq -r .port hub.page)" "$(sed 's/.*:\([0-9]*\).$/\1/' <<<"$URL")" "${PAGES[hub]}" $MOST \
  >odd.said 2>&1 || fail "$(cat odd.said)"
cat odd.said
light hub
hide hub
y hub verify >said
