# shellcheck shell=bash
# A township for the tests of this folder: hub in hub/, villages in v1/, v2/, ...
ROOM=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$ROOM/../harness/script.sh"
PYTHON=${YIZHAN_PYTHON:-python3}
export PYTHON PYTHONPATH=$ROOM PYTHONDONTWRITEBYTECODE=1
LIST='map({case, title, state, flags, opened}) | sort_by(.case)'

# village N [ARGUMENTS...]: invites it, with more arguments for the invitation, and it joins.
village() {
  local v=$1
  shift
  y hub hub invite --village "村$v" --code "V$v" -o "v$v.json" "$@" >/dev/null
  y "v$v" join "v$v.json" --worker "干部$v" >/dev/null
}

# township N: a hub and N villages that have joined, but had no contact yet.
township() {
  y hub hub init --township 青山镇 --code QSZ >/dev/null
  for v in $(seq "$1"); do village "$v"; done
}

# opens NODE TITLE: a case, and its number.
opens() {
  yj "$1" .case case open --title "$2" --text "$2 的经过"
}

# visit NODE...: these bring, the hub takes in, these hear of it.
visit() {
  local v
  for v in "$@"; do y "$v" sync >/dev/null || fail "sync of $v"; done
  y hub hub ingest >"$HERE/ingested" || fail "ingest: $(cat "$HERE/ingested")"
  for v in "$@"; do y "$v" sync >/dev/null || fail "second sync of $v"; done
}

# cases NODE [CODE]: its cases as they stand, of one village only.
cases() {
  yj "$1" "map(select(.case | startswith(\"${2:-}\"))) | $LIST" case list --limit 0
}

# agree NODE CODE: hub and village show the same of its cases.
agree() {
  is "the cases of $2 at $1 and the hub" "$(cases hub "$2")" "$(cases "$1")"
}

# agree_on NUMBER NODE...: all of these show the same of a case, and the same came of each move.
agree_on() {
  local number=$1 v expected filter='"\(.state) \(.title) \(.category // "-") \(.assigned // "-") \(.flags | join("+")) \(.conflicts | length)",
    ([.history[] | .type + " " + .effect] | sort | join(","))'
  expected=$(yj "$2" "$filter" case show "$number")
  [ -n "$expected" ] || fail "$number at $2"
  for v in "${@:3}"; do is "$number at $v" "$expected" "$(yj "$v" "$filter" case show "$number")"; done
}

# carries NODE: how many times it has said that a case is carried.
carries() { sqlite3 "$1/yizhan.db" "SELECT count(*) FROM record WHERE type='case.carry'"; }

# clean NODE...: verify finds nothing, and looked at something.
clean() {
  local v
  for v in "$@"; do
    y "$v" --json verify >"$HERE/verdict" || true
    is "verify at $v" true "$(jq '.ok and .records > 0' "$HERE/verdict")" || cat "$HERE/verdict" >&2
  done
}

# well NODE CODE: all is received, nothing waits, both sides show the same.
well() {
  is "pending at $1" 0 "$(yj "$1" .pending status)"
  is "waiting for $1" 0 "$(yj "$1" .waiting status)"
  agree "$1" "$2"
}

# rules CODE: the rules under which something of this village lies in quarantine.
rules() {
  yj hub "[.[] | select(.code == \"$1\") | .rule] | unique | join(\" \")" hub quarantine list
}

# own NODE: the log that a village writes now.
own() {
  sqlite3 "$1/yizhan.db" "SELECT lower(hex(own)) FROM ledger WHERE joined=1"
}
