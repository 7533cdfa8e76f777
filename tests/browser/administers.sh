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
for title in '留着的 Kept zh' '留着的 Kept en'; do
  number=$(y v2 case open --title "$title" --text '不能没有 Needed')
  y v2 erase "$number" --reason '不想留着 Not wanted' >said
done
for v in v1 v2; do y $v sync >said; done
y hub hub ingest >said
serve_hub hub
export URL
story administers
is "days" '2027-02-06 false 2027-02-08 true 2027-02-09 true 2027-02-10 false' "$(yj hub 'map("\(.date) \(.off)") | join(" ")' holiday list)"
is "categories" 低保 "$(yj hub '.categories | join(" ")' settings show)"
is "what the township does not erase" '留着的 Kept en 诉求还在办 Still open en, 留着的 Kept zh 诉求还在办 Still open zh' \
  "$(for number in $(yj hub '.[] | select(.title // "" | startswith("留着的")) | .case' case list); do yj hub '"\(.title) \(.erase_refused.reason)"' case show "$number"; done | sort | paste -sd, | sed 's/,/, /')"
is "nothing more is asked" 0 "$(yj hub length hub erasures --asked)"
is "what became of the villages" 'DW 东湾社区 East false null, XW 西湾村 West Bay true DW, BW 北湾村 North Bay true null' \
  "$(yj hub 'map("\(.code) \(.village) \(.closed) \(.into)") | join(", ")' hub villages)"
is "who signs here" '示例镇干部 Officer clerk head zh head en' "$(yj hub 'map(.worker) | join(" ")' worker list)"
y hub verify >said
hide hub
