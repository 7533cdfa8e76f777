#!/bin/bash
# Joining where the hub is on the net: it answers at once; an invitation ends, and is for one.
. "$(dirname "$0")/https_lib.sh"

y hub hub init --township 青山镇 --code QSZ --url https://127.0.0.1:1 >said
serve
invite() { # N [ARGUMENTS...]
  y hub --json hub invite --village "村$1" --code "V$1" -o "v$1.json" "${@:2}"
}

# At once, from a file; its words count in the township from the first contact on.
invite 1 >invited
days=$((($(date -d "$(jq -r .until invited)" +%s) - $(date +%s) + 3600) / 86400))
is "days that it holds" 90 "$days"
is "at once" true "$(yj v1 .granted join v1.json --worker 干部甲)"
is "its worker at the hub" granted "$(yj hub '.[] | select(.worker == "干部甲") | .state' hub roster list)"
is "the same again" true "$(yj v1 '.granted and .already' join v1.json --worker 干部甲)"
opens v1 路灯 >said
is "one contact" 0 "$(yj v1 .pending sync)"
well v1 V1
# … and from standard input, without a file of its own.
invite 2 >said
y v2 join - --worker 干部乙 <v2.json >said
grep -q 'let this node in' said || fail "what is said of it: $(cat said)"

# By its text: scanned from the terminal, or typed in small letters with blanks; not with a slip.
invite 15 --qr >invited
text=$(jq -r .text invited)
y hub hub invite --village 村15 --code V15 -o v15.json --qr >shown
"$PYTHON" "$ROOM/qr.py" <shown >qr.pgm
is "what is scanned" "$text" "$(zbarimg --nodbus -q --raw qr.pgm)"
typed=$(sed '1,/YZ1:/{/YZ1:/!d}' shown | tr A-Z a-z)
is "what is typed" "$text" "$(tr -d ' \n' <<<"$typed" | tr a-z A-Z)"
is "no longer than a QR code on 80 columns" true "$(jq -n "${#text} <= 468")"
exits 1 y v15 join "${text/%?/A}B" --worker 干部戊
exits 1 y v15 join "${text:0:200}" --worker 干部戊
[ ! -e v15 ] || fail "something was made"
y v15 join "$typed" --worker 干部戊 >said
grep -q 'let this node in' said || fail "by its text: $(cat said)"
invite 16 --qr | jq -r .text | y v16 join - --worker 干部己 >said
grep -q 'let this node in' said || fail "by its text from standard input: $(cat said)"
exits 1 y w15 join "$text" --worker 冒名
grep -q 'does not let this node in' said || fail "who comes second with the text: $(cat said)"

# A second time it is worth nothing, and that is said at once.
exits 1 y w1 join v1.json --worker 冒名
grep -q 'does not let this node in' said || fail "who comes second: $(cat said)"
is "nobody of that name" "" "$(yj hub '.[] | select(.worker == "冒名") | .worker' hub roster list)"

# No hub answers: it has joined all the same, works, and is let in at the next contact.
invite 3 >said
unserve
y v3 --json join v3.json --worker 干部丙 >joined 2>said
is "not yet" false "$(jq .granted joined)"
grep -q 'not reached' said || fail "what is said of it: $(cat said)"
opens v3 水渠 >said
exits 3 y v3 sync
serve "$PORT"
is "later" 0 "$(yj v3 .pending sync)"
well v3 V3

# One that is over: the hub's word counts, whatever the file says. It can be prolonged.
invite 4 --days 1 >said
sqlite3 hub/yizhan.db "UPDATE invitation SET until_ms=1000 WHERE code='V4'"
jq -c '.until = 99999999999999' v4.json >v4.forged && mv v4.forged v4.json
exits 1 y v4 join v4.json --worker 干部丁
grep -q 'or is over' said || fail "an invitation that is over: $(cat said)"
opens v4 老屋 >said
pending=$(yj v4 .pending status)
exits 1 y v4 sync
is "queued" "$pending" "$(yj v4 .pending status)"
is "the same command" true "$(invite 4 | jq .already)"
is "let in then" 0 "$(yj v4 .pending sync)"
well v4 V4
is "over, by its text" true "$(invite 17 --days 1 --qr >invited; jq '.text | startswith("YZ1:")' invited)"
sqlite3 hub/yizhan.db "UPDATE invitation SET until_ms=1000 WHERE code='V17'"
exits 1 y v17 join "$(jq -r .text invited)" --worker 干部庚
grep -q 'or is over' said || fail "a text that is over: $(cat said)"
exits 2 y hub hub invite --village 村5 --code V5 -o v5.json --days 0
clean hub v1 v3 v4
unserve

# By a folder likewise: who comes too late waits, and comes in when it is prolonged.
y hub2 hub init --township 白水镇 --code BSZ >said
y hub2 hub invite --village 村6 --code V6 -o v6.json --days 1 >said
grep -q 'prolongs it' said || fail "what is said of it: $(cat said)"
sqlite3 hub2/yizhan.db 'UPDATE invitation SET until_ms=1000'
y v6 join v6.json --worker 干部己 >said
opens v6 山路 >said
y v6 sync >said
y hub2 hub ingest >said
is "kept apart" join.expired "$(yj hub2 '[.[].rule] | unique | join(" ")' hub quarantine list)"
is "no case" 0 "$(yj hub2 length case list)"
y hub2 hub invite --village 村6 --code V6 -o v6.json >said
y v6 sync >said
y hub2 hub ingest >said
is "the case" 1 "$(yj hub2 length case list)"
y v6 sync >said
is "pending" 0 "$(yj v6 .pending status)"
clean hub2 v6
echo "who is invited comes in"
