#!/bin/bash
# Who could not see whether a command was done gives it again as it was: it ends well, says that
# it was so already, and writes nothing twice.
. "$(dirname "$0")/../../e2e/lib.sh"

records() { sqlite3 "$1/yizhan.db" "SELECT count(*) FROM record"; }

# twice NODE COMMAND...: done, and done again.
twice() {
  local n=$1 before
  shift
  y "$n" "$@" >said 2>&1 || fail "$*: $(cat said)"
  before=$(records "$n")
  y "$n" "$@" >said 2>&1 || fail "$* again: $(cat said)"
  grep -q 'It was so already' said || fail "$* again says: $(cat said)"
  is "$* again" true "$(yj "$n" '.already // .ledgers[0].already' "$@")"
  is "records of $*" "$before" "$(records "$n")"
}

y hub --json hub init --township 青山镇 --code QSZ >made
twice hub hub invite --village 村1 --code V1 -o v1.json
twice v1 join v1.json --worker 干部1
y v2 init --village 村2 --code V2 --worker 干部2 >said
twice hub hub invite --village 村2 --code V2 -o v2.json
twice v2 join v2.json
visit v1 v2
twice hub hub invite --pc V1 -o pc.json
exits 1 y v1 join pc.json
twice hub holiday add 2027-02-03 --off
twice hub settings set --accept 2 --ordinary 6,4 --office 民政办
twice hub settings set --no-office 民政办
y hub worker add 办事员 >said
twice hub --as worker hub roster grant QSZ 办事员 --role head
y v1 worker add 新人 >said
visit v1
twice hub --as worker hub roster grant V1 新人
twice hub --as worker hub roster revoke V1 新人
exits 1 y hub --as worker hub roster grant V1 新人
node=$(yj v2 .node status)
twice hub --as worker hub roster revoke V2 "$node" --stolen
twice hub --as worker hub village rename V1 --name 新村 --code N1
twice hub --as worker hub village close V2
twice hub --as worker hub village merge V2 --into N1
exits 1 y hub --as worker hub village rename V1 --name 新村 --code V2

# An invitation that somebody else wrote, or that has been used, is not taken for this one.
echo '{}' >other.json
exits 1 y hub hub invite --village 村3 --code V3 -o other.json
exits 1 y hub hub invite --village 村3 --code V3 -o pc.json
exits 1 y hub hub invite --village 村1 --code V1 -o v1.json
exits 1 y hub hub invite --village 村3 --code V3 -o no/such/folder.json
is "no ledger was made" "N1 V2" "$(yj hub 'map(.code) | sort | join(" ")' hub villages)"
echo "again is well"
