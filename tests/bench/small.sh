# shellcheck shell=bash
# A village's PC of 1 GB and one core: what it does must do with that, and the ratios hold.
(
  ulimit -v $((1024 * 1024))
  taskset -cp 0 $BASHPID >/dev/null
  mkdir small && cd small
  FIGURES=$PWD/figures
  for part in durable import pages start sync; do . "$source/tests/bench/$part.sh"; done
)
jq -c '.figure |= "1 GB, one core: " + . | if .unit == "ms" or .unit == "cases/s" then
  (.aim | test("^[<>]= [0-9]{2,}")) as $absolute
  | if $absolute then .aim = "" | .reached = null else . end else . end' small/figures >>"$FIGURES"
rm -rf small
