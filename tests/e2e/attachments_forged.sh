#!/bin/bash
# A village that lies, or whoever may write to its repository, brings no piece in that is not what
# its name says, that nobody named, or that is too large; and stops none that is.
. "$(dirname "$0")/lib.sh"
. "$ROOM/attachments_lib.sh"
"$PYTHON" -c 'import nacl' 2>/dev/null || exit 77

township 1
visit v1
R=hub/ledgers/V1.git LOG=$(own v1) F=refs/heads/files/$(own v1)
number=$(opens v1 路灯不亮)
photo a.jpg 300000
y v1 case attach "$number" a.jpg >said
visit v1
is "there" 2/2 "$(here hub "$number")"
FIRST=$(git -C $R rev-list --max-parents=0 "$F")

cat >lie.py <<'PY'
import hashlib, sys, forge
repository, ref, store, what = sys.argv[1:]
node = forge.Store(store).node()
node.ssh_file("village.key")
data = b"\xff\xd8\xff" + what.encode() * 20
if what == "large":
    data = data * 4000
name = hashlib.sha256(data).hexdigest()
path = f"{name[:2]}/{name[2:]}"
first = next(line.split("\t")[1] for line in forge.git(repository, "ls-tree", "-r", ref).decode().splitlines())
files = {"hash": {first[:3] + first[3:-1] + ("0" if first[-1] != "0" else "1"): data},
         "changed": {first: data}, "unknown": {path: data}, "large": {path: data},
         "deleted": {first: None}, "elsewhere": {"x/" + path: data}, "plain": {name: data},
         "upper": {path.upper(): data}, "unsigned": {path: data}, "link": {path: b"/etc/passwd"}, "anew": {path: data}}[what]
forge.commit(repository, ref, files, None if what == "unsigned" else "village.key", "pieces 1\n",
             None if what == "anew" else "", "120000" if what == "link" else "100644", node.hex[:16])
PY
for lie in hash changed unknown large deleted elsewhere plain upper unsigned link anew; do
  cp v1/yizhan.db copy.db
  "$PYTHON" lie.py $R "$F" copy.db $lie
  tip=$(git -C $R rev-parse "$F")
  before=$(pieces hub)
  y hub hub ingest >said
  is "pieces after $lie" "$before" "$(pieces hub)"
  [ "$(git -C $R rev-parse "$F")" != "$tip" ] || fail "$lie was taken"
  case $lie in
    hash | changed) rule=piece.hash ;;
    unknown) rule=piece.unknown ;;
    unsigned) rule=commit.signature ;;
    anew) rule=log.rollback ;;
    *) rule=commit.tree ;;
  esac
  [[ " $(rules V1) " == *" $rule "* ]] || fail "$lie is not $rule: $(rules V1)"
  is "kept for $lie" 1 "$(yj hub "[.[] | select(.rule == \"$rule\")] | length > 0 | if . then 1 else 0 end" hub quarantine list)"
  photo b.jpg 50000
  y v1 case attach "$number" b.jpg >said
  visit v1
  is "what is true, after $lie" 1/1 "$(here hub "$number" | grep -o '[^ ]*$')"
  clean hub v1
done
is "in quarantine" "commit.signature commit.tree log.rollback piece.hash piece.unknown" "$(rules V1)"

# A hub that lies is not believed either: its branch brings nothing that no record names.
"$PYTHON" lie.py $R "refs/heads/files/$LOG" hub/yizhan.db unknown 2>/dev/null || true
before=$(pieces v1)
git -C $R update-ref "refs/heads/files/$LOG" "$(git -C $R rev-parse "$F")"
visit v1
is "pieces at the village" "$before" "$(pieces v1)"
clean hub v1

# A record that names pieces which never come waits for nothing.
is "pending" 0 "$(yj v1 .pending status)"
[ -n "$FIRST" ] && is "the first is still the first" "$FIRST" "$(git -C $R rev-list --max-parents=0 "$F")"
