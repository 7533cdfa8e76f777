#!/bin/bash
# Who somebody is, where workers have passphrases: no file of the village's folder has it, and no key
# that lies there opens it, in any object, page, copy or backup; a worker's passphrase does, for one
# command. Alone, without a township.
. "$(dirname "$0")/lib.sh"
. "$ROOM/identity_lib.sh"

WORDS="靐龘某甲 55501234 龘甲户 靐龘某乙 靐龘某丙 靐龘相片 55509999"
# Nothing that a command prints without a passphrase says it.
silent() {
  local c word
  : >told
  for c in "case list" "case list --json" "case show $number" "case show $number --json" "household list --json" \
    "export --format csv" "export --format jsonl" "log --content" "status --json"; do
    # shellcheck disable=SC2086
    y "$1" $c >>told 2>&1 || fail "$c: $(tail -3 told)"
  done
  for word in $WORDS; do ! grep -q "$word" told || fail "told: $(grep "$word" told | head -3)"; done
}

echo 'other words' >two
code=$(yj v .recovery_code --passphrase-file one init --village 样例村 --code YL --worker 干部甲)

# All that says who somebody is: opened with, corrected, of a household, from a table, a photo.
number=$(kj v .case case open --title 路灯不亮 --text 村口的灯 --resident 靐龘某甲 --phone 55501234 --household 龘甲户)
k v household add 龘甲户 --people '靐龘某甲，靐龘某乙' --phone 55501234 --place 村东 >said
printf 'title,resident,phone\r\n水管漏水,靐龘某丙,55509999\r\n' >table.csv
k v case import table.csv >said
other=$(kj v '.[] | select(.title == "水管漏水") | .case' case list)
k v case edit "$number" --phone 55509999 >said
{ printf '\xff\xd8\xff\xe0'; for i in $(seq 3000); do printf '靐龘相片 %s ' "$i"; done; } >photo.jpg
cp photo.jpg 靐龘相片.jpg
k v case attach "$number" 靐龘相片.jpg >said
rm table.csv
nowhere "$WORDS" v
silent v
y v case show "$number" >said 2>&1
grep -q 'sealed' said || fail "not said: $(cat said)"
is "sealed" "true null null" "$(yj v '"\(.sealed) \(.resident) \(.phone)"' case show "$number")"
is "the other words" "路灯不亮 村口的灯" "$(yj v '"\(.title) \(.text)"' case show "$number")"
is "status" "sealed 0" "$(yj v '"\(.identities) \(.named)"' status)"
y v status >said
grep -q 'sealed until a worker gives the passphrase' said || fail "status: $(cat said)"

# With the passphrase, for one command.
is "opened" "false 靐龘某甲 55509999 龘甲户" "$(kj v '"\(.sealed) \(.resident) \(.phone) \(.household)"' case show "$number")"
is "what was before" 55501234 "$(kj v '.history[0].body.phone' case show "$number")"
is "by name" "$other" "$(kj v '.[].case' case list --who 龘某丙)"
is "by telephone" "$number" "$(kj v '.[].case' case list --who '5550 龘某甲 9999')"
is "by household" "$number" "$(kj v '.[].case' case list --who 龘甲户)"
is "by what was" "" "$(kj v '.[].case' case list --who 55501234)"
is "not without" 0 "$(yj v length case list --who 龘某丙)"
is "beside words" "$other" "$(kj v '.[].case' case list --who 靐龘 --search 水管)"
is "the household" "龘甲户 靐龘某甲,靐龘某乙 1" "$(kj v '.[] | "\(.name) \(.people | join(",")) \(.open_cases)"' household list --search 靐龘某乙)"
is "its case" "$number" "$(kj v '.cases[].case' household show 龘甲户)"
exits 1 y v household show 龘甲户
is "by its id" null "$(yj v .name household show "$(yj v '.[].id' household list)")"
is "the table" 2 "$(k v export --format csv | grep -c 靐龘)"
exits 1 y v case attachment "$number" 1 -o again.jpg
grep -q 'sealed to the workers' said || fail "said: $(cat said)"
k v case attachment "$number" 1 -o again.jpg >said
cmp photo.jpg again.jpg
rm again.jpg
exits 1 y v --passphrase-file two case show "$number"
exits 1 k v household add 龘甲户
exits 1 y v --as 干部甲 case list </dev/null

# A name once more where the household is written otherwise, and likely the same matter.
k v case open --title 灯还是不亮 --household '龘甲 户' >said 2>&1
is "both are of it" 2 "$(kj v '.cases | length' household show 龘甲户)"

# A backup, what is restored of it, and what is made anew.
y v backup v.backup >said
mkdir copy && cp v.backup copy/
nowhere "$WORDS" v copy
y r restore v.backup >said
nowhere "$WORDS" r
is "restored" 靐龘某甲 "$(kj r .resident case show "$number")"
y v rebuild --from store >said
y v rebuild --from ledger >said
nowhere "$WORDS" v
silent v
is "made anew" 靐龘某甲 "$(kj v .resident case show "$number")"
clean v r

# A process that is killed, and one that still reads, so that the log of pages stays.
mkfifo hold
sqlite3 v/yizhan.db <hold >held &
reader=$!
exec 9>hold
echo 'BEGIN; SELECT count(*) FROM record;' >&9
while [ ! -s held ]; do sleep 0.05; done
killed=$(kj v .case case open --title 要被杀掉 --resident 靐龘某乙 --phone 55509999)
[ -s v/yizhan.db-wal ] || fail "no log of pages is there"
nowhere "$WORDS" v
kill -9 "$reader"
exec 9>&-
wait "$reader" 2>/dev/null || true
nowhere "$WORDS" v
is "still there" 靐龘某乙 "$(kj v .resident case show "$killed")"

# A second worker reads what was written before; the first one's passphrase is another's no more.
k v worker add 干部乙 --new-passphrase-file two >said
is "the second reads" 靐龘某甲 "$(y v --as 干部乙 --passphrase-file two --json case show "$number" | jq -r .resident)"
y v --as 干部乙 --passphrase-file two case open --title 乙记的 --resident 靐龘某丙 >said
nowhere "$WORDS" v
# Who leaves gets no new key.
wraps() { sqlite3 v/yizhan.db 'SELECT count(DISTINCT key), count(DISTINCT box) FROM identity'; }
is "one key, two boxes" '1|2' "$(wraps)"
y v --as 干部甲 --passphrase-file one worker revoke 干部乙 >said
exits 1 y v --as 干部乙 --passphrase-file two case list
later=$(y v --as 干部甲 --passphrase-file one --json case open --title 其后 --resident 靐龘某乙 | jq -r .case)
is "another key" '2|2' "$(wraps)"
is "to one box alone" 1 "$(sqlite3 v/yizhan.db 'SELECT count(*) FROM identity WHERE key=(SELECT key FROM identity ORDER BY record DESC LIMIT 1)')"
is "read by who stays" "靐龘某乙 靐龘某甲" \
  "$(for c in "$later" "$number"; do y v --as 干部甲 --passphrase-file one --json case show "$c" | jq -r .resident; done | paste -sd' ')"

# Forgotten, and opened by the recovery code.
echo "$code" >code
y v --as 干部甲 worker passwd 干部甲 --recovery-code-file code --new-passphrase-file two >said
is "by another passphrase" 靐龘某甲 "$(y v --as 干部甲 --passphrase-file two --json case show "$number" | jq -r .resident)"
exits 1 y v --as 干部甲 --passphrase-file one case show "$number"
nowhere "$WORDS" v

# Erased: not even sealed.
sealed=$(sqlite3 v/yizhan.db "SELECT json_extract(bytes, '\$.sealed.resident') FROM content WHERE bytes LIKE '%路灯不亮%'")
[ -n "$sealed" ] || fail "nothing was sealed"
y v --as 干部甲 --passphrase-file two erase "$number" --reason 本人要求 >said
! grep -rqaF "$sealed" v || fail "what was sealed is left"
is "erased" "false null" "$(y v --as 干部甲 --passphrase-file two --json case show "$number" | jq -r '"\(.sealed) \(.resident)"')"
clean v

# Keys that the node holds: it is said, and nothing is sealed. A passphrase later seals what comes then.
y w init --village 明村 --code MC --worker 干部丙 >said
y w case open --title 明的 --resident 明某甲 >said
is "open" "open 0" "$(yj w '"\(.identities) \(.named)"' status)"
y w status >said
grep -q 'anyone at this PC can sign and read' said || fail "status: $(cat said)"
seed=$(sqlite3 w/yizhan.db 'SELECT hex(sealed) FROM worker')
exec 8> >(exec sqlite3 w/yizhan.db >reads) # somebody who has the store open keeps its log of pages there
echo 'SELECT count(*) FROM record;' >&8
while [ ! -s reads ]; do sleep 0.05; done
y w worker passwd --new-passphrase-file one >said
"$PYTHON" - "$seed" w/yizhan.db* <<'END' || fail "the key lies there as it was"
import sys
from pathlib import Path
sys.exit(any(bytes.fromhex(sys.argv[1]) in Path(name).read_bytes() for name in sys.argv[2:]))
END
exec 8>&-
k w case open --title 密的 --resident 靐龘某甲 >said
nowhere "$WORDS" w
is "one can be read" "sealed 1" "$(yj w '"\(.identities) \(.named)"' status)"
y w status >said
grep -q 'without a passphrase: 1' said || fail "status: $(cat said)"
is "found, both" 2 "$(kj w length case list --who 某甲)"
is "and one without" 1 "$(yj w length case list --who 某甲)"
clean w
