#!/bin/bash
# A village alone, and its workers' keys.
. "$(dirname "$0")/../../harness/script.sh"

"$YIZHAN" init --village 石桥村 --code qs3 --json --dir v >out
is "keys" "code node village worker" "$(jq -r 'keys | join(" ")' out)"
is "said" "石桥村 QS3" "$(jq -r '.village + " " + .code' out)"
jq -e '.node | test("^[0-9a-f]{64}$")' out >said || fail "node: $(cat out)"
is "mode of the store" 600 "$(stat -c %a v/yizhan.db)"
is "first number" "QS3" "$(yj v '.case | .[:3]' case open --title 一)"

exits 2 "$YIZHAN" init --village "" --code QS3 --dir w
exits 2 "$YIZHAN" init --village "$(head -c 201 /dev/zero | tr '\0' a)" --code QS3 --dir w
exits 2 "$YIZHAN" init --village $'a\nb' --code QS3 --dir w
[ ! -e w ] || fail "a refused init left something"

# With a passphrase: kept locked, opened by it alone.
printf '口令 和 空格\n' >right
printf 'wrong\n' >wrong
printf '\n' >empty
exits 1 "$YIZHAN" init --village a --code AB --passphrase-file empty --dir w
"$YIZHAN" init --village a --code AB --worker 王五 --passphrase-file right --dir w --json >out
is "who" 王五 "$(jq -r .worker out)"
jq -e '.recovery_code | test("^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$")' out >said ||
  fail "recovery code: $(cat out)"
is "right" true "$(yj w '.case | startswith("AB-")' case open --title 一 --passphrase-file right)"
is "from the environment" true "$(YIZHAN_PASSPHRASE_FILE=right yj w '.case | startswith("AB-")' case open --title 二)"
exits 1 y w case open --title 三 --passphrase-file wrong
is "wrong" key "$(y w --json case open --title 三 --passphrase-file wrong 2>/dev/null | jq -r .error.code)"
exits 1 setsid "$YIZHAN" --dir w case open --title 三
is "reading needs none" 2 "$(yj w length case list)"
! grep -aq "$(jq -r .recovery_code out)" w/yizhan.db || fail "the recovery code is kept"

# Several workers: who acts must be said.
y v worker add 赵六 >said
exits 1 y v case open --title 二
grep -q 赵六 said || fail "the workers are not named: $(cat said)"
exits 1 y v case open --title 二 --as 钱七
n=$(yj v .case case open --title 二 --as 赵六)
is "the author" 赵六 "$(yj v '.history[0].by' case show "$n")"
n=$(YIZHAN_WORKER=赵六 yj v .case case open --title 三)
is "the author" 赵六 "$(yj v '.history[0].by' case show "$n")"

# Two at once in one folder: one makes the node, the other is told so.
for i in 1 2 3 4 5; do
  "$YIZHAN" init --village a --code AB --dir "t$i" >one 2>&1 &
  first=0 second=0
  "$YIZHAN" init --village b --code CD --dir "t$i" >two 2>&1 || second=$?
  wait $! || first=$?
  is "one of two ($(cat one) / $(cat two))" 1 "$((first + second))"
  y "t$i" case open --title 一 >said
  is "whole" true "$(yj "t$i" .ok verify)"
done

# Who makes one waits for another who is at it.
mkdir held
(
  flock 9
  exits 124 timeout 1 "$YIZHAN" init --village a --code AB --dir held
) 9>held/lock
[ ! -e held/yizhan.db ] || fail "a node was made in a folder where another was at it"

# A making that was cut short, before anything was recorded, is taken up again.
"$YIZHAN" init --village a --code AB --dir cut >said
sqlite3 cut/yizhan.db "PRAGMA foreign_keys=off; DELETE FROM record; DELETE FROM content; DELETE FROM log;
  DELETE FROM ledger; DELETE FROM worker; DELETE FROM key_name; DELETE FROM meta; DELETE FROM setting"
exits 1 y cut case list
"$YIZHAN" init --village b --code CD --dir cut >said
is "taken up" "CD" "$(yj cut '.case | .[:2]' case open --title 一)"
exits 1 "$YIZHAN" init --village c --code EF --dir cut
