# shellcheck shell=bash
# PouchDB, for compare.sh.
node "$source/tests/bench/compare/pouch.mjs" "$modules" "$villages" >pouch.json
them() { jq ".$1" pouch.json; }
faster 'records made one by one, durably' records/s 'PouchDB (not flushed)' "$our_rate" "$(calc "$records / $(them create)")"
ahead 'a server, idle: memory' MB PouchDB "$our_idle" "$(calc "$(them idle) / 1e6")"
ahead 'first sync' s PouchDB "$our_first" "$(them first)"
ahead 'first sync' MB PouchDB "$(calc "$our_bytes / 1e6")" "$(calc "$(them first_bytes) / 1e6")"
ahead 'one more record, many behind it' s PouchDB "$our_one" "$(them one)"
ahead 'one more record, many behind it' 'kB of HTTP' PouchDB "$(calc "$our_one_bytes / 1e3")" "$(calc "$(them one_bytes) / 1e3")"
ahead 'one more record, many behind it' turns PouchDB "$our_one_turns" "$(them one_turns)"
ahead "$villages villages of $each to one hub" s PouchDB "$our_villages" "$(them villages)"
ahead "a word of two characters in $many records" s PouchDB "$our_found" "$(them found)"
ahead 'memory of a village' MB PouchDB "$(calc "$our_peak / 1e6")" "$(calc "$(them peak) / 1e6")"
rm -rf pouch-* pouch.json
