#!/bin/bash
# Words are erased at the hub while contacts are under way: a village brings more of them, another PC and another village
# fetch them, one of these contacts is killed. Whatever comes of each race, in the end no key that is left opens them anywhere,
# what others said stays, and no side calls the other damaged. erase_during.sh [ROUNDS]
. "$(dirname "$0")/https_lib.sh"
. "$ROOM/hunt_lib.sh"

y hub hub init --township 青山镇 --code QSZ >said
y hub hub config url https://127.0.0.1:1 >said
serve
village 1
village 2
for v in v1 v2; do y $v sync >said; done
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json --worker 另一台 >said
for n in p v1 p; do y $n sync >said; done

# goes NODE: it makes contact until that ends well; who is told to come again does.
goes() {
  local n=$1 status
  for _ in {1..20}; do
    status=0
    y "$n" sync >"$n.said" 2>&1 || status=$?
    [ "$status" != 0 ] || return 0
    [ "$status" = 3 ] || fail "sync of $n ends with $status: $(cat "$n.said")"
  done
  fail "sync of $n does not end well: $(cat "$n.said")"
}
# races ROUND: all at once.
races() {
  local i=$1 word=靐龘第$1次 number other pids=()
  number=$(yj v1 .case case open --title "事 $i" --text "$word" --resident "$word")
  other=$(yj v1 .case case open --title "另一件 $i" --text "要保留的话$i")
  { printf '\xff\xd8\xff\xe0'; seq 4000; } >photo.jpg
  y v1 case attach "$number" photo.jpg >said
  for n in v1 p; do goes $n; done
  [ $((i % 2)) = 0 ] || y hub case assign "$number" --to V2 >said
  y p case note "$number" --text "$word 补充" >said
  y v1 case note "$number" --text "$word 又说" >said
  for n in v1 p v2; do goes $n & pids+=($!); done
  y v2 sync >killed 2>&1 &
  local victim=$!
  y hub erase "$number" --reason 本人要求 >said || fail "erase: $(cat said)"
  for n in "${pids[@]}"; do ! kill -0 "$n" 2>/dev/null || raced=$((raced + 1)); done
  ! kill -9 $victim 2>/dev/null || killed=$((killed + 1))
  wait $victim 2>/dev/null || true
  for n in "${pids[@]}"; do wait "$n" || fail "a contact"; done
  y p case note "$other" --text "补充$i" >said
}
# At least so many rounds; more, where a contact had ended each time before the words were erased.
rounds=0 raced=0 killed=0
until [ $rounds -ge "${1:-3}" ] && [ $raced -ge 3 ] && [ $killed -ge 1 ]; do
  [ $rounds -lt 30 ] || fail "in $rounds rounds $raced contacts went on while words were erased, $killed could be killed"
  rounds=$((rounds + 1))
  races $rounds
done
for n in v1 p v2 v1 p v2; do goes $n; done
is "nobody has not" 0 "$(yj hub '[.[] | select(.code != "")] | length' hub erasures)"
gone 靐龘 hub v1 p v2
for n in hub v1 p; do
  is "what others said at $n" "$rounds" "$(yj $n '[.[] | select(.title // "" | startswith("另一件"))] | length' case list --limit 0)"
  is "and its words" "要保留的话1 补充1" "$(yj $n '"\(.text) \(.history[-1].body.text)"' case show "$(yj $n '.[] | select(.title == "另一件 1") | .case' case list --limit 0)")"
done
unserve
clean hub v1 v2 p
echo "$raced contacts went on while words were erased, $killed more were killed, in $rounds rounds"
