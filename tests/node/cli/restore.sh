#!/bin/bash
# Backups and what becomes of them: a new incarnation, nothing lost, no number twice.
. "$(dirname "$0")/../../harness/script.sh"

y hub hub init --township 青山镇 --code QSZ >said
y hub hub invite --village 东村 --code DC -o dc.json >said
y v join dc.json >said
y v case open --title 一 >said
y v sync >said
y hub hub ingest >said
y v sync >said
cases() { yj "$1" 'map([.case, .title, .state]) | sort' case list --limit 0; }
contact() {
  for n in "$@"; do y "$n" sync >said; done
  y hub hub ingest >said
  for n in "$@"; do y "$n" sync >said; done
}

# A file of its own, never over another, whole.
y v backup v.bak >said
is "mode" 600 "$(stat -c %a v.bak)"
is "whole" ok "$(sqlite3 v.bak 'PRAGMA integrity_check')"
exits 1 y v backup v.bak

# Written after the backup, brought to the hub; then the PC burns.
y v case open --title 二 >said
y v case note "$(yj v '.[-1].case' case list)" --text 记 >said
contact v
y v case open --title "never sent" >said
mv v burnt
said=$(y v --json restore v.bak)
letter=$(jq -r .letter <<<"$said")
[[ $letter =~ ^[B-Z][A-Z]$ ]] || fail "letter: $letter"
is "nothing was there" null "$(jq -r .aside <<<"$said")"
number=$(yj v .case case open --title 三)
[[ $number == DC$letter-*-0001-* ]] || fail "number of the new incarnation: $number"
contact v
is "what was lost is back" 一,三,二 "$(yj v 'map(.title) | sort | join(",")' case list)"
is "the same at the hub" "$(cases v)" "$(cases hub)"
is "nothing waits" "0 0" "$(yj v '"\(.pending) \(.waiting)"' status)"
is "verified" true "$(yj v .ok verify)"
is "verified at the hub" true "$(yj hub .ok verify)"
signed "$(echo v/ledgers/*.git)" v

# Two copies of one backup: two logs, both count, and both show all.
y w restore v.bak >said
y w case open --title 四 >said
y v case open --title 五 >said
contact v w
contact v w
is "all of both" 一,三,二,五,四 "$(yj hub 'map(.title) | sort | join(",")' case list)"
is "at one copy" "$(cases hub)" "$(cases v)"
is "at the other" "$(cases hub)" "$(cases w)"
is "no evidence against anyone" 0 "$(yj hub length hub quarantine list)"

# Where a node lives, its store is kept aside, and its repository gives back what
# the backup lacks even before there is a road.
y v case open --title 六 >said
y v sync >said
mv hub away
before=$(cases v)
said=$(y v --json restore v.bak)
aside=$(jq -r .aside <<<"$said")
[[ $aside == v/yizhan.db.before-* ]] || fail "aside: $aside"
is "the old store is whole" ok "$(sqlite3 "$aside" 'PRAGMA integrity_check')"
is "given back at once" "$before" "$(cases v)"
exits 3 y v sync
mv away hub
contact v w
is "agree" "$(cases hub)" "$(cases v)"
is "verified" true "$(yj v .ok verify)"

# What is no backup changes nothing.
sum=$(sha256sum <v/yizhan.db)
exits 4 y v restore dc.json
exits 1 y v restore missing
is "untouched" "$sum" "$(sha256sum <v/yizhan.db)"
is "no staging left" false "$([ -e v/restoring ] && echo true || echo false)"

# What a restore left that was cut short is no hindrance.
mkdir w/restoring
echo half >w/restoring/yizhan.db
echo half >w/restoring/yizhan.db-wal
y w restore v.bak >said
contact w v
is "agree" "$(cases hub)" "$(cases w)"

# The hub too: it supersedes what it was, and villages send again what it lost.
y hub backup hub.bak >said
y v case open --title 七 >said
contact v
y hub restore hub.bak >said
is "verified after the restore" true "$(yj hub .ok verify)"
contact v w
contact v w
is "agree" "$(cases hub)" "$(cases v)"
is "at the other" "$(cases hub)" "$(cases w)"
is "nothing waits" "0 0" "$(yj v '"\(.pending) \(.waiting)"' status)"
is "roster" granted "$(yj hub 'map(select(.code == "DC"))[0].state' hub roster list)"
y hub case note "$(yj hub '.[0].case' case list)" --text 镇里看过 >said
y hub hub invite --village 西村 --code XC -o xc.json >said
is "verified at the hub" true "$(yj hub .ok verify)"
signed hub/township.git hub

# A hub lost with its folder: villages give back what it has lost.
rm -rf hub
y hub restore hub.bak >said
contact v w
contact v w
is "七 is back" true "$(yj hub 'any(.title == "七")' case list)"
is "agree" "$(cases hub)" "$(cases v)"
is "verified at the hub" true "$(yj hub .ok verify)"

# What the hub wrote in the hour of its backup, and answered later, a village alone has heard:
# it comes back, words and all, though the restored hub publishes first.
note_at() { yj "$1" '[.history[].body.text // empty] | join(" ")' case show "$number"; }
contact v w
number=$(yj hub '.[] | select(.title == "七") | .case' case list)
y hub case note "$number" --text 备份之前 >said
y hub backup hub.late >said
y hub case note "$number" --text 备份之后 >said
contact v
rm -rf hub
y hub restore hub.late >said
y hub hub ingest >said
contact w
contact v w
contact v w
for n in hub v w; do is "the notes at $n" "备份之前 备份之后" "$(note_at "$n")"; done
is "verified at the hub" true "$(yj hub .ok verify)"

# A backup holds what has gone nowhere yet: that the other side lacks it is nobody's rollback.
y v case open --title 八 >said
known=$(yj v .quarantined status)
y v backup v.last >said
y z restore v.last >said
y z sync >said
is "no evidence against the road" "$known" "$(yj z .quarantined status)"
contact v z
contact v z
is "八 is there once" 1 "$(yj hub 'map(select(.title == "八")) | length' case list --limit 0)"
is "agree" "$(cases hub)" "$(cases z)"
is "nothing waits" "0 0" "$(yj z '"\(.pending) \(.waiting)"' status)"

# A backup of which part is damaged is brought back and said to be so, with what can be done, not passed for whole.
y v case open --title 要紧 --text "经过甲" >said
y v backup last.bak >said
"$YIZHAN_PYTHON" - <<'P'
whole = open("last.bak", "rb").read()
words = "经过甲".encode()
assert words in whole
open("harmed.bak", "wb").write(whole.replace(words, "经过乙".encode()))
P
is "whole" 0 "$(yj x '.findings | length' restore last.bak)"
exits 4 y harmed restore harmed.bak
grep -q '^content: ' said || fail "it does not name what is damaged: $(cat said)"
grep -q 'rebuild' said || fail "it does not say what to do: $(cat said)"
is "in JSON" '["content"]' "$(y harmed2 --json restore harmed.bak | jq -c '[.findings[].code] | unique' || true)"
is "the rest is back" "$(yj x 'length' case list --limit 0)" "$(yj harmed 'length' case list --limit 0)"
exits 4 y harmed verify
