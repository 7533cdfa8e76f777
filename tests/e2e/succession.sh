#!/bin/bash
# succession.sh thief|copies|settled
#   thief   a hub in wrong hands has a successor, and goes on all the same: what it writes and
#           acknowledges counts nowhere; nor do successors whom others name
#   copies  nothing is left but the villages' own copies of the ledgers; then the successor is
#           lost too
#   settled what the lost hub settled holds at once, as at the villages; its offices when they can
#           be read; nothing is settled over them unread, and what a ledger lacks is told there
. "$(dirname "$0")/lib.sh"

rules_at() { sqlite3 "$1/yizhan.db" "SELECT group_concat(rule, ' ') FROM (SELECT DISTINCT rule FROM refused ORDER BY rule)"; }
hub_of() { yj "$1" .trust.hub status; }
key() { jq -r .recovery_key made | sed 's/..../& /g' >"$1"; }

# follow VILLAGE...: contacts by which villages come to follow the hub in hub/.
follow() {
  local i
  for i in 1 2; do
    for v in "$@"; do y "$v" sync >/dev/null; done
    y hub hub ingest >ingested
  done
  for v in "$@"; do y "$v" sync >/dev/null; done
}

thief() {
  y hub --json hub init --township 青山镇 --code QSZ >made
  key paper
  mkdir share
  for v in 1 2; do
    git init -q --bare "share/V$v.git"
    village "$v" --ledger "share/V$v.git"
    opens "v$v" "事项$v" >"case$v"
  done
  visit v1 v2
  y hub case note "$(cat case2)" --text 旧站所记 >/dev/null
  visit v1 v2
  old=$(hub_of v1)
  cp -r share before
  cp -r hub honest
  # One who would not hear of a successor: a copy without the pinned hash.
  mv hub thief
  sqlite3 thief/yizhan.db "DELETE FROM setting WHERE name IN ('recovery', 'home')"

  # Named with another key, or by who has none: no one follows.
  openssl rand -hex 32 >other
  y false hub recover share/V1.git --township 青山镇 --code QSZ --recovery-key-file other >said
  y v1 sync >/dev/null
  is "another recovery key" "$old" "$(hub_of v1)"
  is "kept as evidence" log.id "$(rules_at v1)"
  "$PYTHON" "$ROOM/succeed.py" v2 share/V2.git >said
  y v2 sync >/dev/null
  is "a village names itself" "$old" "$(hub_of v2)"
  is "kept as evidence" log.id "$(rules_at v2)"

  # The township names one; said without --hub it is asked which hub it goes on for, as two lie there.
  exits 1 y hub hub recover share/V1.git --township 青山镇 --code QSZ --recovery-key-file paper
  grep -q 'Logs of several hubs' said || fail "a false hub in the ledger: $(cat said)"
  y hub hub recover share/V1.git share/V2.git --hub "${old:0:16}" --township 青山镇 --code QSZ \
    --recovery-key-file paper >said
  # Before a village hears of it, the thief says that the new hub can read all that it wrote.
  [ "$("$PYTHON" "$ROOM/mislead.py" thief share/V2.git "$(yj hub .node status)")" -gt 0 ] || fail "no keys to change"
  follow v1 v2
  new=$(hub_of v1)
  is "both follow" "$new" "$(hub_of v2)"
  [ "$new" != "$old" ] || fail "nobody follows"
  for v in 1 2; do well "v$v" "V$v"; done

  is "what the former hub wrote is read all the same" 旧站所记 \
    "$(yj hub '.history[] | select(.type == "case.note") | .body.text' case show "$(cat case2)")"

  # The honest copy of the former hub hears of it, and writes no more.
  y honest hub ingest >said
  exits 1 y honest case resolve "$(cat case1)" --text 旧站
  grep -q 'successor' said || fail "the former hub: $(cat said)"
  # It invites nobody into what would be a second township, and says so where people look.
  for args in 'hub invite --village 村9 --code V9 -o v9.json' 'hub invite --pc V1 -o v9.json' \
    'hub case open --village V1 --title 给旧站'; do
    # shellcheck disable=SC2086
    exits 1 y honest $args
    grep -q 'successor' said || fail "$args: $(cat said)"
  done
  [ ! -e v9.json ] || fail "the former hub wrote an invitation"
  y honest status >said
  grep -q 'successor' said || fail "status of the former hub: $(cat said)"
  is "in JSON" "true null" "$(yj honest .succeeded status) $(yj hub .succeeded status)"

  # The thief goes on: acknowledges, answers, grants, revokes, begins anew.
  opens v1 新事 >fresh
  y v1 sync >/dev/null
  y thief hub ingest >said || true
  y thief case resolve "$(cat case1)" --text 假答复 >/dev/null
  y thief hub roster revoke V1 干部1 >/dev/null
  y thief worker add 假干部 >/dev/null
  y thief backup thief.bak >/dev/null
  y thief hub ingest >said || true
  y v1 sync >/dev/null
  [ "$(yj v1 .pending status)" -gt 0 ] || fail "the thief's receipt is believed"
  is "its answer" registered "$(yj v1 .state case show "$(cat case1)")"
  is "its revocation" granted "$(yj v1 '.[] | select(.worker == "干部1") | .state' worker list)"
  is "shown" "author.revoked log.id" "$(rules_at v1)"
  rm -rf thief
  y thief restore thief.bak >/dev/null
  sqlite3 thief/yizhan.db "DELETE FROM setting WHERE name='recovery'"
  y thief --as worker case note "$(cat case1)" --text 又来 >/dev/null
  y thief hub ingest >said || true
  visit v1 v2
  is "the thief's next life" "$new" "$(hub_of v1)"
  is "notes of it" 0 "$(yj v1 '[.history[] | select(.type == "case.note" and .effect == "applied")] | length' case show "$(cat case1)")"
  is "shown at the hub" "author.revoked log.id" "$(rules V1)"
  for v in 1 2; do well "v$v" "V$v"; done

  # Another successor, named with the same key from a copy of before: the first counts.
  y rival hub recover before/V1.git --to rivals --township 青山镇 --code QSZ --recovery-key-file paper >said
  git -C share/V1.git fetch -q "$HERE/rivals/"*.git "refs/heads/*:refs/heads/*" 2>/dev/null || true
  visit v1
  is "the first counts" "$new" "$(hub_of v1)"
  is "the other is evidence" "author.revoked log.fork log.id" "$(rules_at v1)"
  clean hub v1 v2
  signed hub/township.git hub
}

copies() {
  y hub --json hub init --township 青山镇 --code QSZ >made
  key paper
  village 1
  y v2 init --village 村2 --code V2 --worker 干部2 >/dev/null
  opens v2 独自之事 >case20
  y hub hub invite --village 村2 --code V2 -o v2.json >/dev/null
  y v2 join v2.json >/dev/null
  for v in 1 2; do opens "v$v" "事项$v" >"case${v}1"; done
  visit v1 v2
  visit v2
  first=$(hub_of v1)
  rm -rf hub
  exits 3 y v1 sync

  # A stick brings a village's copy.
  cp -r v1/ledgers stick
  y hub hub recover stick/*.git --to places --township 青山镇 --code QSZ --recovery-key-file paper >said
  y hub hub recover "$(ls -d v2/ledgers/"$(jq -r .ledger v2.json)".git)" --to places --recovery-key-file paper >said
  for v in 1 2; do
    opens "v$v" "其间$v" >"case${v}2"
    exits 2 y "v$v" ledger move nowhere
    y "v$v" ledger move "places/$(jq -r .ledger "v$v.json").git" >said
  done
  exits 1 y hub ledger move places
  follow v1 v2
  second=$(hub_of v1)
  for v in 1 2; do well "v$v" "V$v"; done
  clean hub v1 v2
  y hub case resolve "$(cat case11)" --text 第二站 >/dev/null
  visit v1 v2

  # And again: the successor's PC is lost, the places are left.
  rm -rf hub
  y hub hub recover places/*.git --township 青山镇 --code QSZ --recovery-key-file paper >said
  is "goes on for the second" 2 "$(grep -c "successor of the hub ${second:0:16}" said)"
  follow v1 v2
  third=$(hub_of v1)
  [ "$third" != "$second" ] && [ "$second" != "$first" ] || fail "no line of three hubs"
  for v in 1 2; do well "v$v" "V$v"; done
  is "the second's answer" resolved "$(yj hub .state case show "$(cat case11)")"
  y hub case resolve "$(cat case20)" --text 第三站 >/dev/null
  visit v1 v2
  is "heard" resolved "$(yj v2 .state case show "$(cat case20)")"
  clean hub v1 v2
  for v in 1 2; do
    "$PYTHON" -B "${YIZHAN_SOURCE_DIR:?}/tests/verifier/verify.py" --hub "$first" \
      --recovery "$(jq -r .recovery "v$v.json")" "places/$(jq -r .ledger "v$v.json").git" >said || true
    is "findings but void receipts" 0 "$(jq '[.findings[] | select(.rule != "ack.log")] | length' said)"
    is "the hub that is found" "$third" "$(jq -r .hub said)"
  done
}

said() { y "$1" --json settings show; }

settled() {
  y hub --json hub init --township 青山镇 --code QSZ >made
  key paper
  mkdir share
  for v in 1 2; do
    git init -q --bare "share/V$v.git"
    village "$v" --ledger "share/V$v.git"
  done
  visit v1 v2
  cp -r share/V2.git early.git
  y hub settings set --accept 3 --ordinary 20 --office 民政办 >said
  y hub settings set --office 司法所 --category 道路 >said
  y hub holiday add 2027-01-04 --off >said
  visit v1 v2
  for v in 1 2; do opens "v$v" "事项$v" >"case$v"; done
  visit v1 v2
  whole='{"zone":"+08:00","accept":3,"ordinary":[20,5],"complex":[15,15],"petition":[60,30],"offices":["民政办","司法所"],"categories":["道路"]}'
  is "at the village" "$whole" "$(said v1)"
  rm -rf hub

  # Of V2 an old copy is left: nothing of all that stands there.
  y hub hub recover share/V1.git --township 青山镇 --code QSZ --recovery-key-file paper >said
  y hub hub recover early.git --to places --recovery-key-file paper >said
  unread='{"zone":"+08:00","accept":3,"ordinary":[20,5],"complex":[15,15],"petition":[60,30],"offices":[],"categories":[],"names_unread":true}'
  is "days hold at once" "$unread" "$(said hub)"
  is "a day too" "2027-01-04 true" "$(yj hub '.[] | "\(.date) \(.off)"' holiday list)"
  y hub settings show >said
  grep -q 'cannot be read here yet' said || fail "people are not told: $(cat said)"

  # Nothing is said of offices, but of the rest.
  exits 1 y hub settings set --office 水利站
  grep -q 'cannot be read here yet' said || fail "$(cat said)"
  exits 1 y hub settings set --no-office 民政办
  exits 1 y hub settings set --category 水
  y hub settings set --petition 40 >said
  y hub hub invite --village 村3 --code V3 -o v3.json >said
  y v3 join v3.json --worker 干部3 >said
  now='{"zone":"+08:00","accept":3,"ordinary":[20,5],"complex":[15,15],"petition":[40,30],"offices":["民政办","司法所"],"categories":["道路"]}'

  # V1 alone comes: what it can read is known at the hub, and told where it is not.
  follow v1
  is "known" "$now" "$(said hub)"
  y v2 ledger move "places/$(jq -r .ledger v2.json).git" >said
  visit v3
  is "to the new village" "$now" "$(said v3)"
  follow v1 v2 v3
  for v in 1 2 3; do
    is "at village $v" "$now" "$(said "v$v")"
    is "the day" 2027-01-04 "$(yj "v$v" '.[0].date' holiday list)"
    for _ in 1 2; do visit "v$v"; done
  done
  for v in 1 2; do
    is "due at V$v" "$(yj "v$v" .due case show "$(cat "case$v")")" "$(yj hub .due case show "$(cat "case$v")")"
    well "v$v" "V$v"
  done
  clean hub v1 v2 v3

  # Nothing more is told of its own accord.
  before=$(sqlite3 hub/yizhan.db "SELECT count(*) FROM record")
  y hub hub ingest >said
  y hub settings set --petition 40 --office 司法所 >said
  y hub holiday add 2027-01-04 --off >said
  is "records" "$before" "$(sqlite3 hub/yizhan.db "SELECT count(*) FROM record")"
}

case ${1:?thief, copies or settled} in
  thief) thief ;;
  copies) copies ;;
  settled) settled ;;
esac
echo "succession: $1"
