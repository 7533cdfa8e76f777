# shellcheck shell=bash
# What tests share in which time goes as they say: a clock below the program. Sourced after lib.sh.
${CC:-cc} -shared -fPIC -D_GNU_SOURCE -o clock.so "$ROOM/clock.c" -ldl || exit 77
export ASAN_OPTIONS=verify_asan_link_order=0

# y NODE ARGUMENTS...: the program at a node, whose clock is the test's.
y() {
  local node=$1
  shift
  LD_PRELOAD=$HERE/clock.so "$YIZHAN" --dir "$node" "$@"
}

# now TIME: it is then, in the township's zone or with one of its own.
now() {
  case $1 in *[+-][0-9][0-9][0-9][0-9] | *Z) set -- "$1" "" ;; *) set -- "$1" " +0800" ;; esac
  YIZHAN_TEST_NOW=$(($(date -d "$1$2" +%s) * 1000))
  export YIZHAN_TEST_NOW
}

# then_only TIME NODE ARGUMENTS...: that node's clock alone says so.
then_only() {
  local right=$YIZHAN_TEST_NOW
  now "$1"
  y "${@:2}" >said || fail "${*:2} at $1: $(cat said)"
  YIZHAN_TEST_NOW=$right
}
