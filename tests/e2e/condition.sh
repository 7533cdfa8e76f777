#!/bin/bash
# What a village says of its program and its disk comes to the hub with its acknowledgement, when it has changed, and is
# answered by nothing.
[ -n "${OWN_MOUNTS:-}" ] || {
  unshare -rm true 2>/dev/null || exit 77
  OWN_MOUNTS=1 exec unshare -rm bash "$0" "$@"
}
. "$(dirname "$0")/lib.sh"
mkdir v2
mount -t tmpfs -o size=300m none v2 || exit 77
[ -n "${YIZHAN_KEEP:-}" ] || trap 'umount v2 && rm -rf "$HERE"' EXIT
township 2
visit v1 v2
visit v1 v2

told() { yj hub "map(\"\(.code) \(.version) \(.disk)\") | join(\", \")" hub villages; }
tips() { git -C hub/ledgers/V2.git for-each-ref --format='%(refname) %(objectname)'; }
# leaves MIB: so much is free where the village is.
leaves() {
  rm -f v2/filler
  local free
  free=$(df --output=avail -B1M v2 | tail -n1)
  head -c $(((free - $1) << 20)) /dev/zero >v2/filler
}
version=$("$YIZHAN" --version | cut -d' ' -f2)
is "as they say" "V1 $version ok, V2 $version ok" "$(told)"

# Where nothing changed nothing is said, again and again.
before=$(tips)
leaves 80
visit v2
is "the branches" "$before" "$(tips)"

# A disk that fills up is told, once, and the hub has nothing to answer.
leaves 40
y v2 sync >said
hub=$(git -C hub/ledgers/V2.git rev-parse "log/$(sqlite3 hub/yizhan.db "SELECT lower(hex(own)) FROM ledger WHERE code='V2'")")
y hub hub ingest >said
is "the fuller first" "V2 $version low, V1 $version ok" "$(told)"
is "nothing is answered" "$hub" "$(git -C hub/ledgers/V2.git rev-parse "log/$(sqlite3 hub/yizhan.db "SELECT lower(hex(own)) FROM ledger WHERE code='V2'")")"
y hub hub villages >said
grep -q 'nearly full' said || fail "for people: $(cat said)"
before=$(tips)
visit v2
leaves 100 # a little more: it stays as it was
visit v2
is "it wavers" "$before" "$(tips)"
rm v2/filler
visit v2
is "room again" "V1 $version ok, V2 $version ok" "$(told)"

# It travels by stick too; what says nothing else is answered by no parcel.
leaves 30
mkdir stick
is "a parcel with it" 1 "$(yj v2 '.parcels | length' parcel write stick)"
yj hub .answers parcel read stick --reply >answers || true
is "by stick" "V2 $version low, V1 $version ok" "$(told)"
is "no answer" 1 "$(find stick -iname '*.yzp' | wc -l)"
clean hub v2
