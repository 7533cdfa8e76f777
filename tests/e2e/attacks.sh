#!/bin/bash
# Whoever may write to a ledger's repository can forge nothing in it, and stop nothing
# for good. attacks.sh served: the repository is the hub's; elsewhere: one of its own.
. "$(dirname "$0")/lib.sh"
place=$1

y hub hub init --township 青山镇 --code QSZ >/dev/null
case $place in
  served) junk=5000 R=hub/ledgers/V1.git && village 1 ;;
  elsewhere) junk=1200 R=other.git && git init -q --bare $R && village 1 --ledger "$HERE/$R" ;;
esac
village 2
visit v1 v2
opens v1 "在先的事" >/dev/null
visit v1 v2
well v1 V1
LOG=$(own v1) LOG2=$(own v2)
L=refs/heads/log/$LOG K=refs/heads/keys/$LOG
[ "$(git -C $R rev-list --count "$L")" -gt 1 ] || fail "no history to attack"
FIRST=$(git -C $R rev-list --max-parents=0 "$L") # its first commit
FIRST_KEYS=$(git -C $R rev-list --max-parents=0 "$K")
export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@yizhan.invalid GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@yizhan.invalid
ssh-keygen -q -t ed25519 -N '' -f stranger
git -C $R pack-refs --all

# put MODE FILE=TEXT... on top of the branch, unsigned; with SSH_KEY signed by it.
cat >put.py <<'PY'
import os, sys, forge
repository, ref, mode, *files = sys.argv[1:]
read = lambda path: open(path[1:], "rb").read() if path.startswith("@") else path.encode()
changes = {f.split("=")[0]: None if f.endswith("=") else read(f.split("=", 1)[1]) for f in files}
if mode == "160000":
    changes = {p: v.decode() for p, v in changes.items()}
forge.commit(repository, ref, changes, os.environ.get("SSH_KEY"), mode=mode)
PY
put() { "$PYTHON" put.py "$R" "$L" "$@"; }
at() { git -C "$R" cat-file blob "$L:$1"; } # a file as it stands in the branch
latest() { git -C "$R" ls-tree -r --name-only "$L" | grep jsonl | sort -t/ -k1n -k2 | tail -1; }

flipped_byte() { at "$(latest)" | sed 's/"type":"case.open"/"type":"case.opem"/' >f && put 100644 "$(latest)=@f"; }
flipped_first() { at 1/1.jsonl | sed 's/node.join/node.joim/' >f && put 100644 1/1.jsonl=@f; }
swapped() { at 1/1.jsonl | sed '2{h;d};3G' >f && put 100644 1/1.jsonl=@f; }
moved() { at "$(latest)" >f && put 100644 2/9/99.jsonl=@f; }
moved_log() { git -C hub/ledgers/V2.git cat-file blob "log/$LOG2:1/1.jsonl" >f && put 100644 2/9/99.jsonl=@f; }
unsigned() { put 100644 9/9.jsonl=x; }
by_another() { SSH_KEY=$HERE/stranger put 100644 "ack.json=[{},\"\"]"; }
extra_file() { put 100644 README=read-me; }
deleted() { put 100644 1/1.jsonl=; }
symlink() { put 120000 link=/etc/passwd; }
submodule() { put 160000 "module=$FIRST"; }
rolled_back() { git -C $R update-ref "$L" "$FIRST"; }
branch_gone() { git -C $R update-ref -d "$L"; }
keys_gone() { git -C $R update-ref -d "$K"; }
keys_old() { git -C $R update-ref "$K" "$FIRST_KEYS"; }
keys_garbage() { git -C $R update-ref -d "$K" && "$PYTHON" put.py $R "$K" 100644 1/1.json=garbage; }
keys_replaced() { # unsigned, with the epoch as it was
  git -C $R cat-file blob "$K:epoch.json" >f
  git -C $R update-ref -d "$K" && "$PYTHON" put.py $R "$K" 100644 epoch.json=@f
}
log_replaced() { git -C $R update-ref "$L" "$(git -C $R commit-tree -m x "$(git -C $R mktree </dev/null)")"; }
foreign_names() {
  for name in "heads/main" "heads/log/nothing" "heads/log/${LOG^^}" "heads/keys/x/y" "tags/v1" "remote/log/$LOG"; do
    git -C $R update-ref "refs/$name" "$(git -C $R commit-tree -m x "$FIRST^{tree}")"
  done
}
another_village() { git -C $R fetch -q "$HERE/hub/ledgers/V2.git" "+refs/heads/*/$LOG2:refs/heads/*/$LOG2"; }
huge_blob() { head -c 40000000 /dev/zero >f && put 100644 9/9.jsonl=@f; }
junk_refs() {
  for i in $(seq "$junk"); do printf 'create refs/heads/log/%032x %s\n' "$i" "$FIRST"; done |
    git -C $R update-ref --stdin
}

# under ATTACK RULE: while a village brings something and after.
under() {
  local attack=$1 rule=$2 seen forged
  opens v1 "$attack 之前" >/dev/null
  y v1 sync >/dev/null
  seen=$(yj hub 'map(.number) | max // 0' hub quarantine list)
  "$attack" || fail "could not try $attack"
  opens v2 "同时 $attack" >/dev/null
  y v2 sync >/dev/null
  y hub --json hub ingest >ingested || fail "ingest under $attack: $(cat ingested)"
  agree v2 V2
  forged=$(yj hub "[.[] | select(.number > $seen) | .rule] | unique | join(\" \")" hub quarantine list)
  is "kept apart of $attack" "$rule" "$forged"
  clean hub v2
  opens v1 "$attack 之后" >/dev/null
  visit v1
  visit v1
  well v1 V1
  clean hub v1
  echo "$attack: ${forged:-nothing to keep apart}"
}
under flipped_byte commit.signature
under flipped_first commit.signature
under swapped commit.signature
under moved commit.signature
under moved_log commit.signature
under unsigned commit.signature
under by_another commit.signature
under extra_file commit.signature
under deleted commit.signature
under symlink commit.signature
under submodule commit.signature
under rolled_back log.rollback
under branch_gone ""
under keys_gone ""
under keys_old log.rollback
under keys_garbage keys.epoch
under keys_replaced commit.signature
under log_replaced commit.signature
under foreign_names ""
case $place in # what cannot be fetched leaves nothing to keep
  served) under huge_blob commit.signature ;;
  elsewhere) under huge_blob "" ;;
esac
under another_village log.id
under junk_refs log.id
under rolled_back ""
stood=$(git -C hub/ledgers/V1.git rev-parse "$K")
keys_replaced
y hub hub ingest >/dev/null
is "keys at the hub" "$stood" "$(git -C hub/ledgers/V1.git rev-parse "$K")"
visit v1
is "cases of the village" "$(yj v1 .cases status)" "$(yj hub '[.[] | select(.case | startswith("V1-"))] | length' case list --limit 0)"
echo "the ledger $place stood"
