#!/bin/bash
# A PC whose clock is years behind (its battery is dead) still takes the date that people say, as
# far as what is known can be right.
. "$(dirname "$0")/../../e2e/lib.sh"
${CC:-cc} -shared -fPIC -D_GNU_SOURCE -o clock.so "$ROOM/clock.c" -ldl || exit 77

# at YEAR COMMAND...: with a clock in the middle of that year.
at() {
  local year=$1
  shift
  YIZHAN_TEST_NOW=$(date -d "$year-06-01" +%s)000 ASAN_OPTIONS=verify_asan_link_order=0 \
    LD_PRELOAD=$HERE/clock.so "$YIZHAN" "$@"
}
opened() { at "$1" --dir "$2" --json case open --title 一 --at "$3" | jq -r .case; }

# Alone, and the clock as it comes from the factory: the program was not even written then.
at 2003 init --dir alone --village 独村 --code DU >said
[[ $(opened 2003 alone 2027-03-04) == DU-27-0001-? ]] || fail "the true day is refused"
exits 1 at 2003 --dir alone case open --title 一 --at 2062-01-01
grep -q 'if this PC.s clock is behind' said || fail "$(cat said)"

# With a township: its receipts say what day it is, or was.
at 2030 hub init --dir hub --township 青山镇 --code QSZ >said
at 2030 --dir hub hub invite --village 村1 --code V1 -o v1.json >said
at 2030 --dir v1 join v1.json --worker 干部1 >said
at 2030 --dir v1 sync >said
at 2030 --dir hub hub ingest >said
at 2030 --dir v1 sync >said
[[ $(opened 2005 v1 2030-06-01) == V1-30-0001-? ]] || fail "the day of the receipt is refused"
[[ $(opened 2005 v1 2033-01-01) == V1-33-0001-? ]] || fail "a later day is refused"
exits 1 at 2005 --dir v1 case open --title 一 --at 2039-01-01
# Behind by hours is not surely behind; ahead is not looked at.
YIZHAN_TEST_NOW=$(date -d "2030-05-31 12:00" +%s)000
export YIZHAN_TEST_NOW
ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=$HERE/clock.so "$YIZHAN" --dir v1 case open --title 一 --at 2030-06-01 >said
exits 1 env ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD="$HERE/clock.so" "$YIZHAN" --dir v1 case open --title 一 --at 2030-06-04
[[ $(opened 2035 v1 2035-06-01) == V1-35-0001-? ]] || fail "a clock ahead"
exits 1 at 2031 --dir v1 case open --title 一 --at 2031-06-04
echo "a wrong clock stops no work"
