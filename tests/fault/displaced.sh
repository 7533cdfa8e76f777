#!/bin/bash
# What somebody moved, copied or tidied away in a node's folder. A journal of another store is not taken
# into ours where the settings show it. Of what is gone in a repository a contact says what to do, casework
# goes on, and that helps.
. "$(dirname "$0")/../e2e/lib.sh"

township 2
visit v1 v2
number=$(opens v1 路灯不亮)
opens v2 水管漏水 >/dev/null
visit v1 v2
# A journal as one who copies files while they are in use gets it, of a store that is not this one.
y v1 export --format jsonl >before
cp -r v1 other
"$PYTHON" - <<'P'
import shutil, sqlite3
reader = sqlite3.connect("other/yizhan.db")
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM meta").fetchall()
with sqlite3.connect("other/yizhan.db") as writer:
    changed = writer.execute("UPDATE setting SET value=lower(hex(randomblob(16))) WHERE name='ledger'").rowcount
assert changed == 1
shutil.copy("other/yizhan.db-wal", "v1")
P
[ -s v1/yizhan.db-wal ] || fail "no journal of another store"
for command in "case list" "case open --title 新" sync; do
  # shellcheck disable=SC2086 # words
  exits 4 y v1 $command
  grep -q "yizhan.db-wal" said || fail "'$command' does not say what to move away: $(cat said)"
done
exits 4 y v1 verify
mv v1/yizhan.db-wal v1/yizhan.db-shm other || fail "the journal was taken into the store"
y v1 export --format jsonl >after
cmp before after || fail "the store was changed by another one's journal"
clean v1

# mended WHAT COMMAND: what is done in the repository stops a contact, not the casework; the contact
# says that the ledger is to be rebuilt, and that helps.
mended() {
  local repository
  repository=$(echo v1/ledgers/*.git)
  y v1 case note "$number" --text "$1" >/dev/null
  (cd "$repository" && eval "$2")
  exits 4 y v1 verify
  exits 4 y v1 sync
  grep -q 'rebuild' said || fail "$1: it does not say what to do: $(cat said)"
  y v1 rebuild --from store >said 2>&1 || fail "$1: rebuild: $(cat said)"
  visit v1
  clean v1 hub
  well v1 V1
  rm -r v1/ledgers/*.before-*
}
mended "no refs" 'rm -r refs'
mended "no objects" 'rm -r objects'
mended "another's folder" 'echo /nowhere >commondir'
mended "a branch that is a name for itself" \
  'for r in refs/heads/*/*; do echo "ref: $r" >"$r"; done'

# The same at the hub, whose rebuild brings all of them.
y v1 case note "$number" --text 再来 >/dev/null
for repository in hub/ledgers/V1.git hub/township.git; do
  mv "$repository/refs" taken
  exits 4 y hub hub ingest
  grep -q 'rebuild' said || fail "$repository: it does not say what to do: $(cat said)"
  y hub rebuild --from store >said 2>&1 || fail "rebuild: $(cat said)"
  rm -r taken
done
visit v1 v2
visit v1 v2
clean v1 v2 hub
well v1 V1
echo "what was displaced is said, and comes back from the store"
