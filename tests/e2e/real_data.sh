#!/bin/bash
# What people really wrote: through three villages to the hub, answered, and back.
# YIZHAN_REAL_DATA names it: JSON lines with id, time, title, body, category, reply, reply_time.
[ -r "${YIZHAN_REAL_DATA:-}" ] || exit 77
. "$(dirname "$0")/lib.sh"

township 3
for v in 1 2 3; do
  jq -c "select(input_line_number % 3 == $v - 1) | {id, time, title, body, category, user}" \
    "$YIZHAN_REAL_DATA" >"v$v.jsonl"
  is "taken in at $v" "$(wc -l <"v$v.jsonl")" "$(yj "v$v" .added case import "v$v.jsonl")"
  is "taken in again at $v" "0 $(wc -l <"v$v.jsonl")" \
    "$(yj "v$v" '"\(.added) \(.skipped)"' case import "v$v.jsonl")"
done
visit v1 v2 v3
is "cases at the hub" "$(wc -l <"$YIZHAN_REAL_DATA")" "$(yj hub .cases status)"
for v in 1 2 3; do well "v$v" "V$v"; done

# The township answers what was answered then, on the day it was.
y hub export --format jsonl | jq -r '[(.history[] | .body.source // empty | ltrimstr("id:")), .case] | @tsv' | sort >numbers
jq -r 'select(.reply // "" != "") | .id' "$YIZHAN_REAL_DATA" | sort >answered
[ -s answered ] || fail "no answer in the data"
mkdir replies
jq -r 'select(.reply // "" != "") | [.id, (.reply_time // .time), (.reply | @base64)] | @tsv' \
  "$YIZHAN_REAL_DATA" | while IFS=$'\t' read -r id at reply; do
  base64 -d <<<"$reply" >"replies/$id"
  printf '%s\t%s\n' "$id" "$at"
done | sort | join -t $'\t' - numbers >work
is "answers to give" "$(wc -l <answered)" "$(wc -l <work)"
while IFS=$'\t' read -r id at number; do
  y hub case resolve "$number" --text "@replies/$id" --at "$at" >said || fail "answer to $id"
done <work
visit v1 v2 v3
for v in 1 2 3; do well "v$v" "V$v"; done
is "resolved at the hub" "$(wc -l <answered)" "$(yj hub '[.[] | select(.state == "resolved")] | length' case list --limit 0)"

clean hub v1 v2 v3
for v in 1 2 3; do
  signed "hub/ledgers/V$v.git" hub
  signed "$(echo "v$v"/ledgers/*.git)" "v$v"
done
signed hub/township.git hub

# No eight characters of anything that people wrote lie readable in any repository.
cat >words.py <<'PY'
import json, sys
windows = set()
def add(text):
    for line in (text or "").splitlines():
        for at in range(len(line) - 7):
            window = line[at:at + 8]
            if not window.isascii():
                windows.add(window)
for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    for name in ("title", "body", "reply"):
        add(row.get(name))
assert windows
seen = sys.stdin.buffer.read()
assert len(seen) > 1000
text = seen.decode("utf-8", "replace")
found = [text[at:at + 8] for at in range(len(text) - 7) if text[at:at + 8] in windows]
sys.exit("readable: " + " | ".join(found[:5]) if found else 0)
PY
for repository in hub/township.git hub/ledgers/*.git v*/ledgers/*.git; do
  git -C "$repository" cat-file --batch-all-objects --batch >objects
  grep -qa '"case.resolve"' objects || fail "no answer in $repository"
  "$PYTHON" words.py "$YIZHAN_REAL_DATA" <objects || fail "in $repository"
done
# The search finds words where there are some.
! "$PYTHON" words.py "$YIZHAN_REAL_DATA" <v1.jsonl 2>/dev/null || fail "the search for words finds nothing"
echo "what people wrote came through, and only to those who may read it"
