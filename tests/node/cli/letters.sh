#!/bin/bash
# Two copies of one backup give the same number: both cases stay and are shown, and the hub
# names another letter for the copy that was later, once.
. "$(dirname "$0")/../../e2e/lib.sh"

township 1
visit v1
y v1 backup v1.bak >said
for n in one two; do
  y $n restore v1.bak >said
  sqlite3 $n/yizhan.db "UPDATE setting SET value='QQ' WHERE name='letter';
    DELETE FROM meta WHERE name='sum.setting.letter'"
done
a=$(opens one 一处的事)
b=$(opens two 另一处的事)
is "the same number" "$a" "$b"
visit one two
visit one two
for at in hub one two; do
  is "both at $at" 2 "$(yj $at "map(select(.case == \"$a\")) | length" case list)"
  exits 1 y $at case note "$a" --text 哪一件
done
named() { sqlite3 hub/yizhan.db "SELECT count(*), max(json_extract(line, '\$[0].of')), max(json_extract(line, '\$[0].letter')) FROM record WHERE type='hub.letter'"; }
is "named once, for the later one" "1|$(own two)|B" "$(named)"
visit one two
is "the later one's numbers" V1B "$(opens two 以后的事 | cut -c1-3)"
is "the other's stay" V1QQ "$(opens one 以后的事 | cut -c1-4)"
visit one two
visit one two
is "named once" 1 "$(named | cut -d'|' -f1)"
# A letter that was named is in no invitation.
is "not the one that was named" C "$(yj hub .letter hub invite --pc V1 -o pc.json)"
is "four cases" 4 "$(yj hub length case list)"
agree one V1
agree two V1
clean hub one two

echo "a clash shows both, and is the last one"
