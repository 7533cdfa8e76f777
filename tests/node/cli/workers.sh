#!/bin/bash
# Keys of workers: held by the node, locked, locked anew, recovered.
. "$(dirname "$0")/../../harness/script.sh"

echo 'first words' >one
echo 'other words' >two
y v init --village 柳村 --code LC --worker 张 >said
is "keys" node "$(yj v .keys status)"
y v status >said
grep -q 'anyone at this PC can sign and read' said || fail "it is not said that keys lie open"
y v case open --title 甲 >said

# A first passphrase.
code=$(yj v .recovery_code worker passwd 张 --new-passphrase-file one)
is "keys" passphrase "$(yj v .keys status)"
is "locked" true "$(yj v '.[0].locked' worker list)"
y v status >said
! grep -q 'can sign' said || fail "it is said though keys are locked"
grep -q 'All other words can be read by anyone at this PC' said || fail "it is not said that words lie open: $(cat said)"
# Nobody is called what passes for another's name.
for name in ' 张' '张 ' $'张\u200b' $'张\u3000' $'\ufeff张' '张  三'; do
  exits 1 y v --as 张 --passphrase-file one worker add "$name" --new-passphrase-file two
  grep -q 'hidden characters' said || fail "a name that passes for another's: $(cat said)"
done
exits 1 y v case open --title 乙 </dev/null
exits 1 y v case open --title 乙 --passphrase-file two
y v case open --title 乙 --passphrase-file one >said

# Another one; the old and its recovery code open nothing any more.
exits 1 y v worker passwd --passphrase-file two --new-passphrase-file two
y v worker passwd --passphrase-file one --new-passphrase-file two >said
exits 1 y v case open --title 丙 --passphrase-file one
echo "$code" >code
exits 1 y v worker passwd --recovery-code-file code --new-passphrase-file one

# The recovery code, as people type it.
code=$(yj v .recovery_code worker passwd --passphrase-file two --new-passphrase-file two)
tr 'A-Z' 'a-z' <<<"${code//-/ }" >code
y v worker passwd --recovery-code-file code --new-passphrase-file one >said
y v case open --title 丙 --passphrase-file one >said
is "cases" 3 "$(yj v length case list)"

# A second worker, with a passphrase of his own.
y v worker add 李 --passphrase-file one --new-passphrase-file two >said
YIZHAN_WORKER=李 y v case open --title 丁 --passphrase-file two >said
exits 1 y v --as 李 case open --title 戊 --passphrase-file one
exits 1 y v --as 王 case open --title 戊 --passphrase-file one
is "workers" "张,李" "$(yj v 'map(.worker) | join(",")' worker list)"
is "state alone" home,home "$(yj v 'map(.state) | join(",")' worker list)"
is "who" 李 "$(yj v '.[0].case' case list | xargs "$YIZHAN" --dir v --json case show | jq -r '.history[0].by')"

# A name that was written wrongly: the key stays as it is locked.
y v --as 李 worker rename 李 李四 --passphrase-file two >said
is "renamed" "张,李四" "$(yj v 'map(.worker) | join(",")' worker list)"
is "locked as it was" true "$(yj v '.[1].locked' worker list)"
exits 1 y v --as 李 case open --title 戊 --passphrase-file two
y v --as 李四 case open --title 戊 --passphrase-file two >said
exits 1 y v --as 李四 worker rename 李四 张 --passphrase-file two
is "who it was too" 李四 "$(yj v '.[1].case' case list | xargs "$YIZHAN" --dir v --json case show | jq -r '.history[0].by')"

# The code that init printed opens a key whose passphrase is forgotten, with no road.
code=$(yj w .recovery_code --passphrase-file one init --village 杨村 --code YC --worker 孙)
[ -n "$code" ] || fail "init with a passphrase printed no recovery code"
echo "$code" >code
exits 1 y w case open --title 己 --passphrase-file two
exits 1 y w worker passwd --recovery-code-file two --new-passphrase-file two
said=$(yj w .recovery_code worker passwd 孙 --recovery-code-file code --new-passphrase-file two)
[ "$said" != "$code" ] || fail "the recovery code is not a new one"
y w case open --title 己 --passphrase-file two >said
exits 1 y w worker passwd --recovery-code-file code --new-passphrase-file one
# And one who remembers nothing is helped by anyone else who signs here.
y w worker add 周 --passphrase-file two >said
y w --as 周 case open --title 庚 --passphrase-file two >said
y w --as 周 --passphrase-file two worker revoke 孙 >said
is "who is left" 周 "$(yj w 'map(.worker) | join(",")' worker list)"
