#!/bin/bash
# A stick as people have them, exFAT for real: parcels there and back, each time mounted anew; the names
# are of FAT's kind; a full one is said to be; and the file system is whole after each.
skip() {
  echo "skipped: $1"
  exit 77
}
command -v mkfs.exfat >/dev/null && command -v mount.exfat-fuse >/dev/null || skip 'exfat-fuse and exfatprogs are not here'
[ -n "${OWN_MOUNTS:-}" ] || {
  unshare -m true 2>/dev/null || skip 'mounting is not permitted here'
  OWN_MOUNTS=1 exec unshare -m bash "$0" "$@"
}
. "$(dirname "$0")/../e2e/lib.sh"
LOOP=
over() {
  umount -q stick 2>/dev/null || true
  [ -z "$LOOP" ] || losetup -d "$LOOP" 2>/dev/null || true
  [ -n "${YIZHAN_KEEP:-}" ] || rm -rf "$HERE"
}
trap over EXIT
mkdir stick
truncate -s 8M image
mkfs.exfat image >said 2>&1 || skip "mkfs.exfat: $(tail -1 said)"
LOOP=$(losetup -f --show image 2>said) || skip "no loop device: $(cat said)"
put_in() {
  mount.exfat-fuse "$LOOP" stick >said 2>&1
  mountpoint -q stick
}
pull_out() {
  umount stick
  fsck.exfat -n "$LOOP" >checked 2>&1 || fail "the file system is not whole: $(cat checked)"
}
put_in || skip "exFAT can't be mounted by FUSE: $(cat said)"
pull_out

township 1
y v1 ledger move ssh://nowhere.invalid/x >said 2>&1
number=$(opens v1 路灯不亮)
put_in
y v1 parcel write stick >said
is "names" 1 "$(ls -A stick | grep -cE '^[A-Z2-7]{8}\.YZP$')"
is "and nothing else" 1 "$(ls -A stick | wc -l)"
pull_out
put_in
y hub parcel read stick --reply >said
is "the case" "$number" "$(yj hub '.[0].case' case list)"
pull_out
put_in
y v1 parcel read stick >said
well v1 V1

# Full at whatever byte.
for i in $(seq 12); do
  y v1 case open --title "长 $i" --text "$(head -c 45000 /dev/urandom | base64 -w 0)" >said 2>&1
done
before=$(ls -A stick)
for kept in 8 200 400; do
  rm -f stick/filler
  free=$(df --output=avail -k stick | tail -1)
  head -c $(((free - kept) * 1024)) /dev/zero >stick/filler
  exits 1 y v1 parcel write stick
  grep -q 'The disk is full' said || fail "it is not said that the stick is full: $(cat said)"
  is "what lies there" "$before" "$(ls -A stick | grep -v filler)"
done
rm -f stick/filler
pull_out
put_in
y v1 parcel write stick >said
is "the older one of ours is gone" 1 "$(yj hub '[.parcels[] | select(.state == "taken")] | length' parcel read stick)"
is "all cases" 13 "$(yj hub length case list --limit 0)"
pull_out
clean hub v1
echo "exFAT holds"
