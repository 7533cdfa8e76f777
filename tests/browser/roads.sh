#!/bin/bash
# A stick written at a village's page, read and answered at the township's, and read at home; and the month's figures found,
# drilled into and exported: roads.mjs, in both languages.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
. "$(dirname "$0")/nodes.sh"
browser
joined v
mv SL.git away.git # there is no road but the stick
ben="y v --as Ben --passphrase-file passphrase"
for title in '水沟堵了 Ditch' '路灯不亮 Lamp'; do $ben case open --title "$title" --category '=道路 Roads' >said; done
$ben case resolve "$(yj v '.[0].case' case list)" --text mended >said
$ben case followup "$(yj v '.[0].case' case list)" --result satisfied >said
mkdir 'stick a' 'stick b'
STICKS=$PWD
show v
VILLAGE=$URL
show hub
HUB=$URL
export VILLAGE HUB STICKS
story roads
is "at the hub" 2 "$(yj hub length case list)"
is "nothing is pending" 0 "$(yj v .pending status)"
head -c 3 figures.csv | xxd -p | grep -q efbbbf || fail "no mark of UTF-8"
sed '1s/^\xef\xbb\xbf//' figures.csv >plain.csv
is "the category runs nothing" "'=道路 Roads,2" "$(sed -n 2p plain.csv | cut -d, -f2,3)"
is "satisfied of how many" "1,1" "$("$YIZHAN_PYTHON" -c 'import csv; rows = list(csv.reader(open("plain.csv"))); print(",".join(rows[1][11:13]))')"
y v verify >said
y hub verify >said
hide v
hide hub
