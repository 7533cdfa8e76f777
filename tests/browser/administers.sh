#!/bin/bash
# An administrator's work at the township's page, in both languages, by the keyboard alone and with hostile words: administers.mjs.
. "$(dirname "$0")/../harness/script.sh"
. "$(dirname "$0")/../node/web/serve.sh"
. "$(dirname "$0")/nodes.sh"
browser
echo "$PASSPHRASE" >passphrase
township
add_village v1 DW '东湾村 East Bay'
add_village v2 XW '西湾村 West Bay'
invited BW '北湾村 North Bay'
y hub --as '示例镇干部 Officer' worker add clerk --new-passphrase-file passphrase >said
y v1 case open --title '水沟堵了 Ditch blocked' --resident '示例居民 Sample' >said
y v1 worker add '新来的 New one' >said
for v in v1 v2; do y $v sync >said; done
y hub hub ingest >said
serve_hub hub
export URL
story administers
is "days" '2027-02-06 false 2027-02-08 true 2027-02-09 true 2027-02-10 false' "$(yj hub 'map("\(.date) \(.off)") | join(" ")' holiday list)"
is "categories" 低保 "$(yj hub '.categories | join(" ")' settings show)"
is "what became of the villages" 'DW 东湾社区 East false null, XW 西湾村 West Bay true DW, BW 北湾村 North Bay true null' \
  "$(yj hub 'map("\(.code) \(.village) \(.closed) \(.into)") | join(", ")' hub villages)"
is "who signs here" '示例镇干部 Officer clerk head zh head en' "$(yj hub 'map(.worker) | join(" ")' worker list)"
y hub verify >said
hide hub
