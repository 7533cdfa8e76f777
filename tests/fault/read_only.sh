#!/bin/bash
# Disks that cannot be written: each command says so, and nothing is lost or half done. What a
# disk that is read only can give is given.
[ -n "${OWN_MOUNTS:-}" ] || {
  unshare -rm true 2>/dev/null || exit 77
  OWN_MOUNTS=1 exec unshare -rm bash "$0" "$@"
}
. "$(dirname "$0")/../e2e/lib.sh"
mkdir stick
closed() { mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 77; }
# refused COMMAND...: it fails in its own words.
refused() {
  local status=0
  "$@" >out 2>said || status=$?
  [ "$status" = 1 ] || [ "$status" = 3 ] || fail "'$*' ends with $status: $(cat out said)"
  grep -q '^{"error":{"code":"\(io\|full\|unreachable\|not-found\)"' out || fail "'$*' does not say what it could not do: $(cat out said)"
}

township 1
visit v1
opens v1 一 >said
visit v1
opens v1 二 >said
y v1 backup kept.backup >said
before=$(cases v1)
is "cases" 2 "$(jq length <<<"$before")"

closed v1
refused y v1 --json case open --title 三
refused y v1 --json sync
refused y v1 --json restore kept.backup
refused y v1 --json rebuild --from store
umount v1
is "as it was" "$before" "$(cases v1)"
clean v1

closed stick
refused y v1 --json backup stick/v1.backup
refused y stick/v --json restore kept.backup
is "nothing" 0 "$(find stick -type f | wc -l)"
umount stick

closed hub
refused y v1 --json sync
refused y hub --json hub ingest
umount hub
visit v1
clean v1 hub
well v1 V1
