#!/bin/bash
# A node that lies with its own key: each lie stands alone in an otherwise honest
# segment. The honest gets in, the lie has no effect, the receipt says which and why.
. "$(dirname "$0")/liar.sh"

# excepted LIE STATUS RULE TEXT: an exception in the receipt, and no effect.
excepted() {
  lie "$1"
  honest "$1"
  is "the receipt of $1" "[[$seq,\"$2\",\"$3\"]]" "$(git -C $R cat-file blob "log/$hub_log:ack.json" |
    jq -c ".[0].except[\"$LOG\"] // [] | map(select(.[0] == $seq))")"
  is "effect of $1" "" "$(noted "${4:-nothing}")"
  echo "$1: $2, $3"
}

# refused LIE RULE: the whole segment, kept as evidence.
refused() {
  local head
  head=$(git -C $R rev-parse "log/$LOG")
  lie "$1"
  is "evidence of $1" "true" "$(yj hub "any(.rule == \"$2\" and .size > 0)" hub quarantine list)"
  is "before $1" "${3:-}" "$(noted "honest before $1")"
  is "the branch after $1" "$head" "$(git -C $R rev-parse "log/$LOG")"
  clean hub
  echo "$1: $2"
}

excepted stranger waiting author.unknown who
excepted elsewhere waiting author.unknown v2
excepted signature refused record.signature unsigned
excepted grant refused author.rights
excepted grant_by_node refused author.rights
excepted note_by_node refused author.rights node
excepted release refused author.rights
excepted ceiling refused author.rights
excepted begin refused author.rights
excepted other_content waiting content.hash debt
is "the stranger is in no roster" 2 "$(yj hub '[.[] | select(.village != "青山镇")] | length' hub roster list)"

lie unwrapped
clean hub
is "sealed to others" "[\"waiting\",\"content.missing\"]" "$(git -C $R cat-file blob "log/$hub_log:ack.json" |
  jq -c ".[0].except[\"$LOG\"] | map(select(.[0] == $seq))[0][1:]")"

lie far_past
honest far_past
lie far_future
honest far_future
is "a stamp of the year 287396" applied "$(noted 2500)"
y hub case note "$(cat number)" --text hub >said
stamp=$(y hub log | jq "select(.[0].log == \"$hub_log\") | .[0].hlc[0]" | sort -n | tail -1)
[ "$stamp" -lt $((($(date +%s) + 172800) * 1000)) ] || fail "the hub's clock was dragged"
[ "$stamp" -gt $((($(date +%s) + 3600) * 1000)) ] || fail "the hub's clock did not follow the honest"
opens v2 第三事 >said
visit v2
well v2 V2

refused version segment.version
refused no_closing segment.signature
refused overlap commit.tree
refused fork log.fork
is "the other story" "" "$(noted "another story")"

# At home the program finds that a copy of it wrote: what counts is there too.
visit v1
visit v1
is "excepted at the hub" true "$(yj v1 '.waiting > 0' status)"
is "nothing pending" 0 "$(yj v1 .pending status)"
clean v1 v2 hub
agree v1 V1
is "honest at home" applied "$(yj v1 '[.history[] | select(.body.text == "honest after begin") | .effect] | join(" ")' case show "$(cat number)")"
signed $R hub
signed hub/township.git hub
echo "lies had no effect"
