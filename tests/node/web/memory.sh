#!/bin/bash
# Keys and opened names are in a program's memory while it works: no core file takes them along, no other program of this
# user looks into it, and once a name was shown and its reader has gone, it is nowhere in there any more.
. "$(dirname "$0")/../../harness/script.sh"
. "$(dirname "$0")/serve.sh"

# Root looks into everything by a capability that others have not: neither the program nor who looks has it.
PLAIN=()
[ "$(id -u)" != 0 ] || PLAIN=(setpriv --inh-caps=-all --bounding-set=-all)
echo "$PASSPHRASE" >passphrase
y v --passphrase-file passphrase init --village '示例村 Sample Village' --code SL --worker '示例干部 Clerk' >said
y v --passphrase-file passphrase case open --title 路灯不亮 --text 村口的灯 --resident 靐龘样例 --phone 55501234 >said
mkfifo open
"${PLAIN[@]}" cat open &
other=$!
until_so '[ "$(tr -d "\0" <"/proc/$other/cmdline")" = catopen ]'
"${PLAIN[@]}" cat "/proc/$other/environ" >seen || fail "nobody can look into any program: this shows nothing"
kill "$other"

"${PLAIN[@]}" "$YIZHAN" --dir v --json serve --listen 127.0.0.1:0 >v.page 2>v.said &
PAGES[v]=$!
until_so '[ -s v.page ]'
URL=$(jq -r .url v.page)
# A table for spreadsheets is made in a file without a name, a contact by the program itself: both go by /proc.
"${PLAIN[@]}" "$YIZHAN" --dir v --passphrase-file passphrase export --format xlsx >table.xlsx
[ -s table.xlsx ] || fail "no table"
! "${PLAIN[@]}" cat "/proc/${PAGES[v]}/environ" >seen 2>&1 || fail "another program looks into it"
is "no core file" "0 0" "$(awk '/^Max core file size/ {print $5, $6}' "/proc/${PAGES[v]}/limits")"

# A sanitizer has an allocator of its own, which keeps what was freed.
! grep -q '__[at]san_init' "$YIZHAN" || { hide v; exit 0; }
status=0
"${YIZHAN_PYTHON:?}" "$YIZHAN_SOURCE_DIR/tests/node/web/memory.py" "$YIZHAN_SOURCE_DIR/node/web/page/openapi.json" "$URL" \
  '示例干部 Clerk' "$PASSPHRASE" "${PAGES[v]}" 靐龘样例 || status=$?
hide v
[ $status = 0 ] || [ $status = 77 ] || fail "see above"
exit $status
