#!/bin/bash
# A record's words are damaged in the village's store, and its repository beside it is too: verify
# names both, rebuild says what it lacks, a contact fetches it from the hub, and then all is as it was.
. "$(dirname "$0")/../e2e/lib.sh"

township 1
visit v1
for title in 路灯不亮 水管漏水; do opens v1 "$title" >number; done
visit v1
y hub case resolve "$(cat number)" --text 办好 >said
visit v1
repository=$(echo v1/ledgers/*.git)
y v1 export --format jsonl >before

# damaged WHAT COMMAND: what is done to the repository beside the damaged words.
damaged() {
  local changed
  changed=$(sqlite3 v1/yizhan.db "UPDATE content SET bytes = replace(bytes, '路灯', '井盖'); SELECT total_changes()")
  [ "$changed" -gt 0 ] || fail "no words were changed"
  (cd "$repository" && eval "$2")
  exits 4 y v1 verify
  grep -q '^content: ' said && grep -q '^git' said || fail "$1: verify says $(cat said)"
  y v1 rebuild --from ledger >said 2>&1 || grep -q 'other side' said || fail "$1: rebuild says $(cat said)"
  y v1 sync >said || fail "$1: sync: $(cat said)"
  y v1 rebuild --from ledger >said 2>&1 || fail "$1: rebuild after the contact: $(cat said)"
  visit v1
  y v1 export --format jsonl >after
  cmp before after || fail "$1: $(diff before after)"
  clean v1 hub
  well v1 V1
}
damaged "no objects" 'rm -rf objects/pack/* objects/??'
damaged "no branches" 'rm -rf refs/heads/* packed-refs'
damaged "a pack cut short" 'for p in objects/pack/*.pack; do chmod u+w $p; truncate -s -30 $p; done; rm -rf objects/??'
echo "what both sides of a village had lost came back from the hub"
