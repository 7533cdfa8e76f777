#!/bin/bash
# Who was restored and erases before the others gave back what it had lost: its former log goes on as
# they have it, nothing that it said is lost, and of what was erased nothing is left.
. "$(dirname "$0")/lib.sh"
. "$ROOM/hunt_lib.sh"

says() { # NODE NUMBER WORDS
  yj "$1" . case show "$2" >shown
  grep -q "$3" shown || fail "$1 has not: $3: $(cat shown)"
}
verified() {
  sqlite3 hub/yizhan.db "SELECT lower(hex(value)) FROM secret WHERE name='node.box'" >box
  "$PYTHON" -B "${YIZHAN_SOURCE_DIR:?}/tests/verifier/verify.py" --hub "$(jq -r .hub v1.json)" --box box \
    hub/ledgers/V1.git >verdict || true
  [ -s verdict ] || fail "the verifier ended without a verdict"
  # A log that another continues ends with an acknowledgement that counts no more.
  is "what the verifier finds" "" "$(jq -r '.findings[] | select(.rule != "ack.log") | .rule' verdict)" ||
    cat verdict >&2
}

township 1
visit v1
number=$(yj v1 .case case open --title 样例甲的事 --text 样例甲说的秘密)
other=$(yj v1 .case case open --title 样例乙的事 --text 样例乙说的另一件)
visit v1
y hub case note "$number" --text 镇里转述样例甲的话 >said
y hub case note "$other" --text 镇里头一回答复样例乙 >said
visit v1

# The hub: its disk is gone, it erases at once, and nobody has been here since.
y hub backup hub.backup
y hub case note "$other" --text 镇里后来答复样例乙 >said
visit v1
rm -rf hub
y hub restore hub.backup >said
is "erased" 1 "$(yj hub .ledgers erase "$number" --reason 本人要求)"
for round in 1 2 3; do visit v1; done
for node in hub v1; do
  for words in 镇里头一回答复样例乙 镇里后来答复样例乙 样例乙说的另一件; do says $node "$other" $words; done
  gone "样例甲说的秘密 镇里转述样例甲" $node
done
is "nobody has not" 0 "$(yj hub length hub erasures)"
well v1 V1
clean hub v1
verified

# A village, likewise, where the road shows its former log as it was a while ago.
y v1 case note "$other" --text 样例乙后来又说 >said
visit v1
log=refs/heads/log/$(own v1) served=hub/ledgers/V1.git
third=$(yj v1 .case case open --title 样例丙的事 --text 样例丙说的秘密)
y v1 case note "$other" --text 样例乙还说 >said
visit v1
y v1 backup v1.backup
before=$(git -C $served rev-parse "$log")
y v1 case note "$other" --text 样例乙最后说 >said
visit v1
y hub erase "$third" --reason 本人要求 >said
rm -rf v1
y v1 restore v1.backup >said
after=$(git -C $served rev-parse "$log")
git -C $served update-ref "$log" "$before" "$after"
y v1 sync >said
git -C $served update-ref "$log" "$after" "$before"
for round in 1 2 3; do visit v1; done
for node in hub v1; do
  for words in 样例乙后来又说 样例乙还说 样例乙最后说; do says $node "$other" $words; done
  gone 样例丙说的秘密 $node
done
is "nobody has not" 0 "$(yj hub length hub erasures)"
well v1 V1
clean hub v1
verified

# Who comes later reads all that is left, and either side is made again from the other.
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json --worker 另一台 >said
visit p v1 p
for words in 镇里头一回答复样例乙 镇里后来答复样例乙 样例乙还说 样例乙最后说; do says p "$other" $words; done
is "nothing waits there" 0 "$(yj p .waiting status)"
for node in hub v1 p; do
  y $node rebuild --from store >said
  y $node rebuild --from ledger >said
  gone "样例甲说的秘密 镇里转述样例甲 样例丙说的秘密" $node
done
visit v1 p
clean hub v1 p
