#!/bin/bash
# real_stick.sh exfat|fat32: a stick as people have them, by FUSE: parcels there and back, each time mounted
# anew; the names are of FAT's kind; a full one is said to be; and the file system is whole after each.
# No kernel here has vfat; of Debian's drivers the one for FAT, fusefat, calls itself experimental: it says
# "not permitted" where a stick is full, and leaves it marked as in use.
KIND=$1
skip() {
  echo "skipped: $1"
  exit 77
}
case $KIND in
  exfat) programs='mkfs.exfat fsck.exfat mount.exfat-fuse losetup' ;;
  fat32) programs='mkfs.vfat fsck.vfat fusefat' ;;
esac
for program in $programs; do command -v "$program" >/dev/null || skip "$program is not here"; done
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

make_exfat() {
  truncate -s 8M image
  mkfs.exfat image >said 2>&1 && LOOP=$(losetup -f --show image 2>said)
}
mount_exfat() { mount.exfat-fuse "$LOOP" stick >said 2>&1; }
check_exfat() { fsck.exfat -n "$LOOP" >checked 2>&1; }
make_fat32() {
  truncate -s 34M image
  mkfs.vfat -F 32 image >said 2>&1
}
# Its process writes on after the unmounting: it is waited for.
DRIVER=
mount_fat32() {
  fusefat -f -o rw+ image stick >said 2>&1 &
  DRIVER=$!
  until mountpoint -q stick || ! kill -0 "$DRIVER" 2>/dev/null; do :; done
}
check_fat32() {
  fsck.vfat -n image >checked 2>&1 || true
  ! grep -vE '^fsck.fat|Dirty bit|removing dirty bit|Free cluster summary|Auto-correcting|^ *$|^Leaving filesystem|^image: ' checked
}
put_in() {
  "mount_$KIND" || true
  mountpoint -q stick
}
pull_out() {
  umount stick
  [ -z "$DRIVER" ] || wait "$DRIVER" || fail "the driver: $(tail -1 said)"
  "check_$KIND" || fail "the file system is not whole: $(cat checked)"
}
"make_$KIND" || skip "no such stick can be made: $(tail -1 said)"
put_in || skip "$KIND can't be mounted by FUSE: $(tail -1 said)"
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
head -c 40M /dev/zero >stick/filler 2>said || true
for more in 8 192 200; do
  truncate -s "-${more}K" stick/filler
  exits 1 y v1 parcel write stick
  [ $KIND = fat32 ] || grep -q 'The disk is full' said || fail "it is not said that the stick is full: $(cat said)"
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
echo "$KIND holds"
