# shellcheck shell=bash
# A township whose first village's node writes what its program never would, by lie.py.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
"$PYTHON" -c 'import nacl' 2>/dev/null || exit 77

township 2
visit v1 v2
opens v1 一事 >number
opens v2 另一事 >said
visit v1 v2
visit v1 v2
LOG=$(own v1)
case_id=$(yj v1 .id case show "$(cat number)")
R=hub/ledgers/V1.git
sqlite3 v1/yizhan.db ".backup v1.db"
sqlite3 v2/yizhan.db ".backup v2.db"
hub_log=$(sqlite3 hub/yizhan.db "SELECT lower(hex(own)) FROM ledger WHERE code='V1'")

# lie NAME [MORE...]: pushed and taken in; the hub does not stumble.
lie() {
  sqlite3 hub/yizhan.db ".backup hub.db"
  seq=$("$PYTHON" "$ROOM/lie.py" hub.db v1.db $R "$LOG" "$case_id" "$1" v2.db "${@:2}") || fail "could not lie: $1"
  y hub --json hub ingest >ingested || fail "ingest of $1: $(cat ingested)"
}

# noted TEXT: the effects of the notes with this text at the hub.
noted() {
  yj hub "[.history[] | select(.body.text == \"$1\") | .effect] | join(\" \")" case show "$(cat number)"
}

honest() {
  is "before $1" applied "$(noted "honest before $1")"
  is "after $1" applied "$(noted "honest after $1")"
  clean hub
}
