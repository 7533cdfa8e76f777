#!/bin/bash
# A backup brought back: at a village that had gone on, as one copy and as two, and at
# the hub. What was written before, between and after is everywhere, and nowhere twice.
. "$(dirname "$0")/lib.sh"

# ids NODE: every record of every log there, once each.
ids() {
  sqlite3 "$1/yizhan.db" "SELECT lower(hex(r.id)) FROM record r" | sort
}

# settled NODE...: all of these and the hub hold the same records of village 1, none twice.
settled() {
  local v
  clean hub "$@"
  is "numbers twice at the hub" "" "$(yj hub '.[].case' case list --limit 0 | sort | uniq -d)"
  for v in "$@"; do
    well "$v" V1
    is "records of $v twice" "" "$(ids "$v" | uniq -d)"
    is "records of $v that the hub lacks" "" "$(comm -23 <(ids "$v") <(ids hub))"
    signed "$(echo "$v"/ledgers/*.git)" "$v"
  done
  signed hub/ledgers/V1.git hub
  is "kept apart" 0 "$(yj hub length hub quarantine list)"
}

# brought N TITLES...: each of these cases is there once.
brought() {
  local node=$1 title
  shift
  for title in "$@"; do
    is "'$title' at $node" 1 "$(yj "$node" "[.[] | select(.title == \"$title\")] | length" case list --limit 0)"
  done
}

township 2
visit v1 v2
opens v1 前事 >before
visit v1
y v1 backup "$HERE/v1.backup" >said
opens v1 间事 >between
y v1 case note "$(cat before)" --text "间注" >said
visit v1
y hub case resolve "$(cat between)" --text 办好 >said
visit v1
opens v1 未报之事 >unsent
ids v1 >v1.ids

# One copy, in a new folder: the old PC is gone, and with it what it had not sent.
mv v1 v1.old
y v1 restore "$HERE/v1.backup" >said
opens v1 后事 >after
! grep -qxF "$(cat after)" between unsent || fail "a number given twice: $(cat after)"
visit v1
visit v1
settled v1
brought v1 前事 间事 后事
is "state of the answered" resolved "$(yj v1 .state case show "$(cat between)")"
is "the answer was heard" 1 "$(yj v1 '[.history[] | select(.type == "case.resolve")] | length' case show "$(cat between)")"

# Two copies of one backup, both at work. Letters are drawn; here, three different ones.
letters=$(cut -d- -f1 after)
for copy in a b; do
  until y "$copy" --json restore "$HERE/v1.backup" | jq -r .letter >letter && ! grep -q "$(cat letter)\$" <<<"$letters"; do
    rm -rf "$copy"
  done
  letters+=$'\n'$(cat letter)
  opens "$copy" "后事 $copy" >"after.$copy"
done
[ "$(cat after.a)" != "$(cat after.b)" ] || fail "both copies gave $(cat after.a)"
visit a b
visit a b v1
visit a b v1
settled a b v1
for node in hub a b v1; do brought "$node" 前事 间事 后事 "后事 a" "后事 b"; done

# The hub: answers, a grant and an invitation that the backup does not know.
y hub backup "$HERE/hub.backup" >said
y hub case resolve "$(cat before)" --text 也办好 >said
y v2 worker add 新人 >said
y v1 case note "$(cat after)" --text 备份后注 >said
YIZHAN_WORKER=干部2 opens v2 备份后的事 >late
visit v1 v2 a b
y hub hub roster grant 村2 新人 >said
visit v2
y v2 --as 新人 case note "$(cat late)" --text 新人所记 >said
visit v2
is "pending before" 0 "$(yj v2 .pending status)"
mv hub hub.old
mkdir hub && cp -r hub.old/ledgers hub/ && rm -rf hub/ledgers/V1.git # one ledger is there still, one is not
y hub restore "$HERE/hub.backup" >said
y hub hub ingest >said || fail "ingest after the restore: $(cat said)"
y v1 sync >said
[ "$(yj v1 .pending status)" -gt 0 ] || fail "the receipts of the old incarnation still count"
visit v1 v2 a b
visit v1 v2 a b
visit v1 v2 a b
settled v1 a b
well v2 V2
clean v2
brought hub 备份后的事
is "the answer came back" resolved "$(yj hub .state case show "$(cat before)")"
is "and to the village" resolved "$(yj v1 .state case show "$(cat before)")"
is "the grant came back" granted "$(yj v2 '.[] | select(.worker == "新人") | .state' worker list)"
is "what the granted wrote" 1 "$(yj hub '[.history[] | select(.type == "case.note" and .effect == "applied")] | length' case show "$(cat late)")"
y hub case note "$(cat late)" --text 又一次 >said
visit v2
agree v2 V2
signed hub/township.git hub
echo "what was restored is whole"

# Copies that drew the same letter: a number given twice shows both cases, and either
# is named by its id.
for copy in c d; do
  y "$copy" restore "$HERE/v1.backup" >said
  sqlite3 "$copy/yizhan.db" "UPDATE setting SET value = 'ZZ' WHERE name = 'letter';
    DELETE FROM meta WHERE name = 'sum.setting.letter'"
  opens "$copy" "撞号 $copy" >"same.$copy"
done
is "the number of both" "$(cat same.c)" "$(cat same.d)"
visit c d
visit c d
for node in hub c d; do
  brought "$node" "撞号 c" "撞号 d"
  exits 1 y "$node" case show "$(cat same.c)"
  id=$(yj "$node" '.[] | select(.title == "撞号 d") | .id' case list --limit 0)
  is "by its id at $node" "撞号 d" "$(yj "$node" .title case show "$id")"
done
