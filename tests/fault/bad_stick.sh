#!/bin/bash
# A stick that is pulled out at any byte, full at any byte, or lies (tests/harness/stick.c); one with a
# hundred thousand files of others; pieces of two parcels mixed. After each: one sentence, nothing lost,
# nothing wrong taken in, and a good stick then brings all.
. "$(dirname "$0")/../e2e/lib.sh"
${CC:-cc} -shared -fPIC -D_GNU_SOURCE -O2 -o stick.so "$ROOM/../harness/stick.c" -ldl || exit 77

# bad WHAT BYTES NODE ARGUMENTS...: the program with such a stick; its status is $STATUS.
bad() {
  local what=$1 bytes=$2 node=$3
  shift 3
  STATUS=0
  ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=$HERE/stick.so STICK_FOLDER=$HERE/stick STICK_DO=$what STICK_AT=$bytes \
    "$YIZHAN" --dir "$node" "$@" >said 2>noted || STATUS=$?
}
one_sentence() { # WHAT [STATUS]
  [ "$STATUS" = "${2:-1}" ] || fail "$1: status $STATUS: $(cat said noted)"
  is "$1: sentences ($(cat noted))" 1 "$(wc -l <noted)"
  is "$1: signals" 0 "$(grep -c 'Sanitizer\|Assertion' noted || true)"
}

township 2
for v in 1 2; do
  for i in 1 2 3 4; do
    y "v$v" case open --title "案$v$i" --text "$(head -c 30000 /dev/urandom | base64 -w 0)" >said 2>&1
  done
done
mkdir stick whole aside
y v1 --json parcel write whole >written
size=$(jq '.parcels[0].bytes' written)
[ "$size" -gt 100000 ] || fail "the parcel is small: $size"
cp whole/*.YZP aside/

# Written: pulled out, or full, at the first byte, in its cover, at each chunk's edge and around the end.
for at in 0 1 43 44 700 65535 65536 $((size / 2)) $((size - 33)) $((size - 1)); do
  for what in gone full; do
    bad $what "$at" v1 parcel write stick
    one_sentence "$what at $at while it is written"
    is "$what at $at: parcels" 0 "$(find stick -name '*.YZP' | wc -l)"
    rm -f stick/*
  done
done
# And while it is read back.
for at in "$size" $((size + 1)) $((size + size / 2)) $((2 * size - 4096)); do
  bad gone "$at" v1 parcel write stick
  one_sentence "gone at $at while it is read back"
  is "gone at $at: parcels" 0 "$(find stick -name '*.YZP' | wc -l)"
  rm -f stick/*
done
bad lie 0 v1 parcel write stick
one_sentence "it lies" 4
grep -q 'did not keep what was written' noted || fail "it lies: $(cat noted)"
is "it lies: parcels" 0 "$(find stick -name '*.YZP' | wc -l)"
rm -f stick/*
# An older one of ours stays where the new one did not come to be.
cp aside/*.YZP stick/
before=$(cd stick && sha256sum *)
for what in gone full; do
  bad $what 70000 v1 parcel write stick
  one_sentence "$what, beside an older one"
  is "the older one" "$before" "$(cd stick && sha256sum *.YZP)"
  rm -f stick/*.TMP
done
bad lie 0 v1 parcel write stick
is "the older one, on one that lies" "$before" "$(cd stick && sha256sum *.YZP)"
rm -f stick/*
is "nothing counts as sent" 0 "$(yj hub length case list --limit 0)"

# Read: pulled out at any byte, in the first reading or the second, which goes into git.
cp aside/*.YZP stick/
for at in 0 1 43 44 65580 $((size / 2)) $((size - 1)) $((size + size / 2)) $((2 * size - 100)); do
  bad gone "$at" hub parcel read stick
  one_sentence "gone at $at while it is read"
  is "gone at $at: cases" 0 "$(yj hub length case list --limit 0)"
done
clean hub
# With its answer: what was taken in is there, and said to nobody yet.
bad gone $((2 * size + 40)) hub parcel read stick --reply
[ "$STATUS" = 1 ] || fail "the answer was not written, and that is not said: $(cat said noted)"
is "taken in all the same" 4 "$(yj hub length case list --limit 0)"
rm -f stick/*.TMP
y hub parcel read stick --reply >said
y v1 parcel read stick >said
well v1 V1

# Pieces of two villages' parcels on one stick, mixed; some of them missing, then there.
rm -f stick/* aside/*
for v in 1 2; do
  for i in 5 6 7 8; do
    y "v$v" case open --title "案$v$i" --text "$(head -c 30000 /dev/urandom | base64 -w 0)" >said 2>&1
  done
  y "v$v" --json parcel write stick --max 64K >written
  [ "$(jq '.parcels | length' written)" -gt 2 ] || fail "pieces: $(cat written)"
  jq -r '.parcels[0].file' written >>firsts
done
for f in $(cat firsts); do mv "stick/$f" aside/; done
y hub parcel read stick >said
is "none of it is taken in before what it goes on from" 4 "$(yj hub length case list --limit 0)"
y hub parcel read aside >said
is "all of it" 16 "$(yj hub length case list --limit 0)"
is "nothing waits" 0 "$(find hub/parcels -name '*.YZP' | wc -l)"
clean hub

# A hundred thousand files of others: one parcel among them is found, and all else is as it was.
rm -rf stick && mkdir stick
"$PYTHON" - <<'PY'
import os
for i in range(100000):
    os.close(os.open(f"stick/照片{i:06}.jpg" if i % 3 else f"stick/{i:08}.TXT", os.O_CREAT | os.O_WRONLY))
PY
opens v1 最后一件 >said
y v1 parcel write stick >said
SECONDS=0
y hub parcel read stick --reply >said
y v1 parcel read stick >said
[ "$SECONDS" -le 60 ] || fail "among many files it took $SECONDS s"
is "files of others" 100000 "$(find stick ! -name '*.YZP' -type f | wc -l)"
well v1 V1
clean hub v1 v2
echo "nothing was lost, and nothing wrong taken in"
