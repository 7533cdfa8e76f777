# Sourced after lib.sh: commands that are ended by SIGKILL at a seeded call (killer.c).
${CC:-cc} -shared -fPIC -D_GNU_SOURCE -o killer.so "$ROOM/killer.c" -ldl || exit 77
export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
RANDOM=${SEED:=1}
echo "seed $SEED"

# killed AT COMMAND...: its status; 137 where the moment came.
killed() {
  local at=$1 status=0
  shift
  rm -f count
  KILL_AT=$at KILL_COUNT=$HERE/count LD_PRELOAD=$HERE/killer.so setsid -w "$@" >killed.out 2>&1 || status=$?
  echo $status
}
