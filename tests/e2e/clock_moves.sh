#!/bin/bash
# Clocks that move: ten years back, then forward, a leap of a day while the page is open, summer
# time in the PC's zone, and times that do not fit in 32 bits. Nothing is lost, what came later
# stands later, and both sides show the same.
. "$(dirname "$0")/lib.sh"
. "$ROOM/clock_lib.sh"

at_village() { then_only "$1" v1 --json "${@:2}"; } # TIME COMMAND...
# story CASE: what was said of it, in the order in which it stands.
story() { yj "$1" '[.history[] | .body.text // empty] | join(" ")' case show "$2"; }
# years: by how many the village's clock is said to be off.
years() { yj v1 '.clock_offset_ms / 86400000 / 365 | trunc' status; }

# --- ten years back, then ten forward, then right -----------------------------------
now '2026-03-02 09:00'
township 1
visit v1
case=$(yj v1 .case case open --title 事 --text 一)
visit v1
at_village '2016-03-02 09:00' case note "$case" --text 二
at_village '2016-03-02 09:00' status
is "a clock that is behind" true "$(jq '.clock_offset_ms < -86400000' said)"
at_village '2016-03-02 09:05' sync
y hub hub ingest >said
at_village '2036-03-02 09:00' case note "$case" --text 三
at_village '2036-03-02 09:01' case accept "$case"
at_village '2036-03-02 09:05' sync
y hub hub ingest >said
at_village '2036-03-02 09:10' sync
at_village '2036-03-02 09:10' status
is "a clock that is ahead" true "$(jq '.clock_offset_ms > 86400000' said)"
now '2026-03-02 10:00'
is "a clock that is right again" 0 "$(years)"
y v1 case note "$case" --text 四 >said
visit v1
y hub case note "$case" --text 五 >said
visit v1
for node in v1 hub; do is "in order at $node" "一 二 三 四 五" "$(story $node "$case")"; done
is "its state" accepted "$(yj hub .state case show "$case")"
well v1 V1
clean hub v1
is "a clock that is right" 0 "$(years)"

# --- summer time in the PC's zone ------------------------------------------------------
# New York leaves out 02:00 to 03:00 on 8 March 2026, and has 01:00 to 02:00 twice on 1 November.
for zone in America/New_York Australia/Lord_Howe UTC; do
  n=0
  for when in 2026-03-08T06:59:59Z 2026-03-08T07:00:00Z 2026-11-01T05:30:00Z 2026-11-01T06:30:00Z; do
    now "$when"
    n=$((n + 1))
    TZ=$zone yj v1 .case case open --title "$zone $n" >>"cases.${zone##*/}"
  done
  # What people say is the township's time, whatever the PC's zone leaves out.
  TZ=$zone yj v1 .case case open --title "$zone said" --at '2026-03-08 02:30' >>"cases.${zone##*/}"
  visit v1
  while read -r case; do TZ=$zone yj v1 '"\(.opened) \(.due)"' case show "$case"; done <"cases.${zone##*/}" >"shown.${zone##*/}"
done
is "opened" "2026-03-08T14:59:59+08:00 2026-03-08T15:00:00+08:00 2026-11-01T13:30:00+08:00 2026-11-01T14:30:00+08:00 2026-03-08T02:30:00+08:00" \
  "$(cut -d' ' -f1 shown.UTC | xargs)"
for zone in New_York Lord_Howe; do cmp shown.$zone shown.UTC || fail "in $zone: $(diff shown.$zone shown.UTC)"; done
well v1 V1

# --- beyond 2038 and 2106 -------------------------------------------------------------------
for year in 2038-01-19 2106-02-07 2400-01-01; do
  now "$year 03:14:06Z"
  township=$(echo $year | cut -c1-4)
  mkdir "$township" && cd "$township"
  township 1
  visit v1
  case=$(yj v1 .case case open --title 跨年 --text 一)
  visit v1
  now "$(date -ud "$year +1 day" +%F) 06:28:20Z"
  y v1 case note "$case" --text 二 >said
  mkdir stick
  y v1 parcel write stick >said
  y hub parcel read stick --reply >said
  y v1 parcel read stick >said
  y v1 backup v1.backup >said
  rm -rf v1
  y v1 restore v1.backup >said
  visit v1
  y hub case resolve "$case" --text 三 >said
  visit v1
  y hub rebuild --from store >said
  for node in v1 hub; do is "in order at $node in $township" "一 二 三" "$(story $node "$case")"; done
  is "when" "${township}" "$(yj v1 '.opened[:4]' case show "$case")"
  is "a clock that is right in $township" 0 "$(years)"
  well v1 V1
  clean hub v1
  signed hub/ledgers/V1.git hub
  cd ..
done

# --- a leap of a day while the page is open ------------------------------------------------
. "$ROOM/../node/web/serve.sh"
tell() { # TIME: the page's clock from now on
  local right=$YIZHAN_TEST_NOW
  now "$1"
  echo "$YIZHAN_TEST_NOW" >clock.new && mv clock.new clock
  YIZHAN_TEST_NOW=$right
}
# api METHOD PATH [JSON]: what the page's API answers, in $HERE/answer; its status is printed.
api() {
  curl -s -o answer -w '%{http_code}' -b jar -c jar -X "$1" -H "X-Yizhan-Guard: ${GUARD:-}" \
    -H 'Content-Type: application/json' ${3:+--data "$3"} "${URL}api/v1/$2"
}
log_in() {
  is "to log in" 201 "$(api POST session '{"worker":"干部1"}')"
  GUARD=$(jq -r .guard answer)
}
opens_there() { # TITLE: the case's opening, as the page's API shows it
  is "to open a case" 201 "$(api POST cases "{\"title\":\"$1\",\"text\":\"$1\"}")" >&2
  is "to see it" 200 "$(api GET "cases/$(jq -r .case answer)")" >&2
  jq -r .opened answer
}
now '2026-12-01 10:00'
tell '2026-12-01 10:00'
RIGHT=$YIZHAN_TEST_NOW
export LD_PRELOAD=$HERE/clock.so YIZHAN_TEST_NOW=$HERE/clock
show v1
unset LD_PRELOAD
export YIZHAN_TEST_NOW=$RIGHT
log_in
is "before" 2026-12-01T10:00:00+08:00 "$(opens_there 甲)"
tell '2026-12-02 10:00'
is "a day later nobody is logged in" 401 "$(api GET cases)"
log_in
is "a day later" 2026-12-02T10:00:00+08:00 "$(opens_there 乙)"
tell '2026-12-01 10:05'
is "back again, still logged in" 2026-12-01T10:05:00+08:00 "$(opens_there 丙)"
hide v1
now '2026-12-01 10:10'
visit v1
well v1 V1
clean hub v1
echo "no clock is in the way"
