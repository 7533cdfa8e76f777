#!/bin/bash
# parcel watch: a stick that is put in is read and answered by itself, and nothing of it is touched but
# its folder's parcels; a link to elsewhere is not followed; where udisks is there it is asked to unmount.
[ -n "${OWN_MOUNTS:-}" ] || {
  unshare -rm mount -t tmpfs none /mnt 2>/dev/null || {
    echo "skipped: mounting in a namespace of one's own is not permitted here"
    exit 77
  }
  OWN_MOUNTS=1 exec unshare -rm bash "$0" "$@"
}
. "$(dirname "$0")/lib.sh"
WATCHES=()
over() {
  [ ${#WATCHES[@]} = 0 ] || kill "${WATCHES[@]}" 2>/dev/null || true
  for m in stick source small other /mnt/plain; do umount -q -l "$m" 2>/dev/null || true; done
  [ -n "${YIZHAN_KEEP:-}" ] || rm -rf "$HERE"
}
trap over EXIT

# starts NODE OUTPUT [MORE...]: watches there from now on; its process is $WATCH.
starts() {
  : >"$2"
  "$YIZHAN" --dir "$1" parcel watch "${@:3}" >>"$2" 2>&1 &
  WATCH=$!
  WATCHES+=($WATCH)
}
# awaits FILE TEXT N: the text stands there N times, within a minute.
awaits() {
  local i
  for ((i = 0; i < 1200; i++)); do
    [ "$(grep -c "$2" "$1" || true)" -lt "$3" ] || return 0
    sleep 0.05
  done
  fail "$3 times '$2' was not said: $(cat "$1")"
}

township 1
y v1 ledger move ssh://nowhere.invalid/x >said
number=$(opens v1 路灯不亮)
mkdir source stick small other elsewhere

# The stick is made ready aside, with what people have on sticks.
mount -t tmpfs -o size=4m none source
mkdir source/YIZHAN source/照片
printf '#!/bin/sh\ntouch "%s/ran"\n' "$HERE" >source/YIZHAN/AUTORUN.SH
cp source/YIZHAN/AUTORUN.SH source/autorun.sh
chmod +x source/YIZHAN/AUTORUN.SH source/autorun.sh
ln -s "$HERE/v1/yizhan.db" source/YIZHAN/LINK.YZP
mkfifo source/YIZHAN/PIPE.YZP
head -c 3000 /dev/urandom >source/YIZHAN/NOISE.YZP
before=$(cd source && find . -type f -exec sha256sum {} + | sort)

starts v1 village.said
awaits village.said 'pulled out' 1 # at source
mount --bind source stick
awaits village.said 'pulled out' 2 # at stick
grep -q 'for the hub' village.said || fail "nothing was written: $(cat village.said)"
is "one parcel more" 1 "$(find source/YIZHAN -name '????????.YZP' | wc -l)"
is "what was there" "$before" "$(cd source && find . -type f ! -name '????????.YZP' -exec sha256sum {} + | sort)"
is "nothing ran" no "$([ -e ran ] && echo yes || echo no)"
umount stick
kill "$WATCH" && wait "$WATCH" || fail "watching ended: $(cat village.said)"

# At the hub, with another one that watches there already refused; the stick is in when it begins.
mount --bind source stick
starts hub hub.said
awaits hub.said 'pulled out' 2 # at source, and at stick
exits 1 y hub parcel watch
grep -q 'watches for sticks' said || fail "said: $(cat said)"
is "the case at the hub" "$number" "$(yj hub '.[0].case' case list)"
umount stick
kill "$WATCH" && wait "$WATCH" || fail "watching ended: $(cat hub.said)"
starts v1 village.said
awaits village.said 'pulled out' 1
is "pending" 0 "$(yj v1 .pending status)"
well v1 V1

# A folder that is a link is left alone: a stick that came later is done, and that one was not.
mount -t tmpfs none other
ln -s "$HERE/elsewhere" other/YIZHAN
mount --bind source stick
awaits village.said '/stick/YIZHAN.*pulled out' 1
is "nothing elsewhere" "" "$(ls -A elsewhere)"
is "nothing is said of it" 0 "$(grep -c /other/ village.said || true)"
umount stick other
kill "$WATCH" && wait "$WATCH" || fail "watching ended: $(cat village.said)"

# A full one: that is said, no half-written file stays, and it may be pulled out.
y v1 case open --title 长 --text "$(head -c 45000 /dev/urandom | base64 -w 0)" >said
mount -o size=32k -t tmpfs none small
mkdir small/YIZHAN
starts v1 full.said
awaits full.said '/small/YIZHAN: not all went well.*pulled out' 1
grep -q 'The disk is full' full.said || fail "a full stick: $(cat full.said)"
is "nothing half-written stays" "" "$(ls -A small/YIZHAN)"
kill "$WATCH" && wait "$WATCH" || fail "watching ended: $(cat full.said)"
umount small

# Any stick, where people's sticks are mounted; and udisks is asked.
mount -t tmpfs none /mnt
mkdir /mnt/plain
starts v1 any.said --any
awaits any.said 'pulled out' 1 # at source
mount -t tmpfs none /usr/sbin
cat >/usr/sbin/udisksctl <<'SH'
#!/bin/bash
echo "$*" >>/mnt/asked
umount /mnt/plain
SH
chmod +x /usr/sbin/udisksctl
mount -t tmpfs /dev/sample-stick /mnt/plain
awaits any.said '/mnt/plain/YIZHAN.*pulled out' 1
is "asked" "unmount --no-user-interaction --block-device /dev/sample-stick" "$(cat /mnt/asked)"
is "unmounted" "" "$(grep ' /mnt/plain ' /proc/mounts || true)"
kill "$WATCH" && wait "$WATCH" || fail "watching ended: $(cat any.said)"
