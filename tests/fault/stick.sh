#!/bin/bash
# A stick that is full, or write-protected: what is said, and that nothing half-written stays.
[ -n "${OWN_MOUNTS:-}" ] || {
  unshare -rm true 2>/dev/null || exit 77
  OWN_MOUNTS=1 exec unshare -rm bash "$0" "$@"
}
. "$(dirname "$0")/../harness/script.sh"
mkdir stick
mount -t tmpfs -o size=40k none stick || exit 77
[ -n "${YIZHAN_KEEP:-}" ] || trap 'umount stick && rm -rf "$HERE"' EXIT

y hub hub init --township 青山镇 --code QSZ >said
y hub hub invite --village 东村 --code DC -o dc.json >said
y v join dc.json >said
y v case open --title 满 --text "$(head -c 48000 /dev/urandom | base64 -w 0)" >said

# Full at whatever byte: one sentence, no file, and nothing counts as sent.
for kept in 0 4 8 20 36; do
  rm -f stick/*
  [ "$kept" = 0 ] || head -c $((kept * 1024)) /dev/zero >stick/filler
  exits 1 y v parcel write stick
  grep -q 'The disk is full. Free some space' said || fail "it is not said that the stick is full: $(cat said)"
  is "what lies there with $kept KiB taken" "$([ "$kept" = 0 ] || echo filler)" "$(ls -A stick)"
done
is "pending" true "$(yj v '.pending > 0' status)"
rm -f stick/*
mount -o remount,size=4m stick
y v parcel write stick >said
is "written" 1 "$(ls stick | wc -l)"

# Write-protected: it is read all the same, and an answer cannot be written.
mount -o remount,ro stick
exits 1 y hub parcel read stick --reply
grep -q 'write-protected' said || fail "it is not said that the stick is protected: $(cat said)"
is "the case at the hub" 1 "$(yj hub length case list)"
exits 1 y v parcel write stick
mount -o remount,rw stick
y hub parcel read stick --reply >said
y v parcel read stick >said
is "pending" 0 "$(yj v .pending status)"

# Its folder is not there.
exits 1 y v parcel write stick/none
exits 1 y v parcel read stick/none
echo "a stick that fails loses nothing"
