#!/bin/bash
# What only repeats the records, changed behind the program's back: verify names the table and
# leaves it as it is, rebuild makes it anew.
. "$(dirname "$0")/lib.sh"

found() {
  y hub --json verify >verdict || true
  jq -r '[.findings[] | select(.code == "store.effects") | .subject] | join(" ")' verdict
}

township 2
visit v1 v2
number=$(opens v1 水渠堵塞)
y v1 household add 3组12号 >said
y hub worker add 李主任 >said
y hub --as worker hub roster grant QSZ 李主任 --role head >said
y hub --as worker holiday add 2026-10-01 --off >said
y hub --as worker settings set --accept 3 >said
y hub --as worker notice post --title 防汛 --text 请各村值班 >said
visit v1 v2
y hub --as worker case refer "$number" --to V2 --reason 归村2 >said
visit v1 v2
is "as it was written" true "$(y hub --json verify | jq .ok)"

declare -A harm=(
  [carried]="DELETE FROM carried WHERE record=(SELECT max(record) FROM carried)"
  [ceiling]="INSERT INTO ceiling SELECT r.n, l.ledger, l.id, 1, 1 FROM record r JOIN log l ON l.n=r.log LIMIT 1"
  [head]="UPDATE head SET record=record+100000"
  [holiday]="UPDATE holiday SET off=1-off"
  [household_of]="DELETE FROM household_of"
  [kept]="INSERT INTO kept SELECT r.n, l.ledger, r.id, r.id, 0 FROM record r JOIN log l ON l.n=r.log LIMIT 1"
  [key_name]="UPDATE key_name SET rank=rank+1"
  [letter]="INSERT INTO letter SELECT r.n, l.ledger, l.id, 'Z' FROM record r JOIN log l ON l.n=r.log LIMIT 1"
  [notice]="UPDATE notice SET at_ms=at_ms+1 WHERE record=(SELECT min(record) FROM notice)"
  [referral]="UPDATE referral SET target=zeroblob(16)"
  [settled]="UPDATE settled SET said=replace(said, '\"accept\":3', '\"accept\":9')"
  [erased]="INSERT INTO erased SELECT r.n, l.ledger, r.id, 0 FROM record r JOIN log l ON l.n=r.log LIMIT 1"
  [village]="INSERT INTO village SELECT r.n, l.ledger, 1, NULL, NULL, NULL FROM record r JOIN log l ON l.n=r.log LIMIT 1"
)
is "every table of effects" "$(tr ' ' '\n' <<<"${!harm[@]}" | sort | xargs)" "$(sqlite3 hub/yizhan.db "SELECT name FROM sqlite_master WHERE sql LIKE '%(record INTEGER PRIMARY KEY REFERENCES record(n),%' ORDER BY 1" | xargs)"
for table in "${!harm[@]}"; do
  changed=$(sqlite3 hub/yizhan.db "${harm[$table]}; SELECT changes()")
  [ "$changed" -gt 0 ] || fail "nothing to change in $table"
  is "named" "$table" "$(found)"
  is "left as it is" "$table" "$(found)"
  y hub rebuild --from ledger >said
  is "healed" "" "$(found)"
done
clean hub
echo "effects are checked"
