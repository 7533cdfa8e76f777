#!/bin/bash
# A stick that changes while it is read: its parcel replaced, cut, lengthened, turned into something else
# or gone, in the first reading, between the two and in the second; and two who read it at once. After
# each: one sentence, nothing lost, nothing wrong taken in, the other parcels of the stick taken all the same.
. "$(dirname "$0")/../e2e/lib.sh"
${CC:-cc} -shared -fPIC -D_GNU_SOURCE -O2 -o stick.so "$ROOM/../harness/stick.c" -ldl || exit 77

township 2
opens_large() { # NODE TITLE
  y "$1" case open --title "$2" --text "$(head -c 30000 /dev/urandom | base64 -w 0)" >said 2>&1
}
for i in 1 2 3 4; do opens_large v1 "案$i"; done
mkdir stick whole
y v1 --json parcel write whole >written
size=$(jq '.parcels[0].bytes' written)
[ "$size" -gt 100000 ] || fail "the parcel is small: $size"
opens_large v2 别村
y v2 parcel write whole --to hub >said
name=$(jq -r '.parcels[0].file' written)
other=$(cd whole && ls | grep -v "$name")
head -c "$size" /dev/urandom >noise

meanwhile() { # COMMAND
  printf '#!/bin/bash\ncd %q && %s && : >ran\n' "$HERE" "$1" >meanwhile
  chmod +x meanwhile
}
# changes WHAT BYTES COMMAND: the hub reads the parcel, and meanwhile COMMAND is run.
changes() {
  local what="$1, at $2" status=0
  rm -rf stick && mkdir stick && cp "whole/$name" stick/
  meanwhile "$3"
  ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=$HERE/stick.so STICK_FOLDER=$HERE/stick STICK_DO=run STICK_AT=$2 \
    STICK_RUN=$HERE/meanwhile "$YIZHAN" --dir hub parcel read stick >said 2>noted || status=$?
  [ -e ran ] || fail "$what: nothing was changed"
  rm ran
  is "$what: status ($(cat said noted))" 1 "$status"
  is "$what: sentences ($(cat noted))" 1 "$(wc -l <noted)"
  is "$what: signals" 0 "$(grep -c 'Sanitizer\|Assertion' noted || true)"
  is "$what: cases" 0 "$(yj hub length case list --limit 0)"
  is "$what: what waits here" 0 "$(find hub/parcels -type f 2>/dev/null | wc -l)"
  [ -z "${4:-}" ] || grep -q "$4" noted || fail "$what: said: $(cat noted)"
}
changed='changed while it was read'
for at in $((size / 2)) "$size"; do
  changes 'another whole parcel' "$at" "cp whole/$other new && mv new stick/$name" "$changed"
  changes 'noise' "$at" "cp noise stick/$name" ''
  changes 'noise in its place' "$at" "cp noise new && mv new stick/$name" 'This is no parcel\|changed'
  changes 'a link' "$at" "ln -sf /etc/passwd stick/$name" ''
  changes 'a pipe' "$at" "rm stick/$name && mkfifo stick/$name" ''
  changes 'a folder' "$at" "rm stick/$name && mkdir stick/$name" ''
  changes 'gone' "$at" "rm stick/$name" 'There is no such file'
  changes 'another stick' "$at" "rm -rf away && mv stick away && mkdir stick" 'There is no such file'
  changes 'longer' "$at" "head -c 5000 noise >>stick/$name" "$changed"
  changes 'cut' "$at" "truncate -s $((size / 2 - 70000)) stick/$name" ''
done
# In the second reading, whose bytes go into git, to the last one.
for at in $((size + 70)) $((size + size / 2)) $((2 * size - 66000)); do
  changes 'cut in the second reading' "$at" "truncate -s $((size / 3)) stick/$name" "$changed"
  changes 'noise in the second reading' "$at" "cp noise stick/$name" "$changed"
done
changes 'its last byte turned' "$size" "printf x | dd of=stick/$name bs=1 seek=$((size - 1)) conv=notrunc status=none" "$changed"
clean hub

# The other one of that stick is taken all the same.
for what in "cp noise stick/$name" "rm stick/$name"; do
  rm -rf stick && mkdir stick && cp whole/* stick/
  status=0
  meanwhile "$what"
  ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=$HERE/stick.so STICK_FOLDER=$HERE/stick STICK_DO=run \
    STICK_AT=$((size + $(stat -c %s "whole/$other"))) STICK_RUN=$HERE/meanwhile \
    "$YIZHAN" --dir hub parcel read stick >said 2>noted || status=$?
  is "status" 1 "$status"
  is "of the other village ($(cat noted))" 别村 "$(yj hub '[.[].title] | join(" ")' case list --limit 0)"
  is "how it stands" 1 "$(grep -c '^[A-Z2-7]*.YZP: \(taken in\|all of it\)' said)"
done

# Two, and more, read at once; pieces of which the first is missing, then there: each case once.
rm -rf stick whole && mkdir stick aside
opens_large v1 案5
y v1 --json parcel write stick --max 64K >written
mv "stick/$(jq -r '.parcels[0].file' written)" aside/
for folder in stick stick aside; do
  READERS=()
  for i in 1 2 3; do
    y hub parcel read $folder >"said.$i" 2>"noted.$i" &
    READERS+=($!)
  done
  for i in 1 2 3; do
    wait "${READERS[$((i - 1))]}" || fail "one of three readers of $folder: $(cat said.* noted.*)"
  done
done
is "all of it" 6 "$(yj hub length case list --limit 0)"
is "nothing waits" 0 "$(find hub/parcels -type f | wc -l)"
y hub parcel read stick --reply >said
y v1 parcel read stick >said
well v1 V1
clean hub v1
echo "nothing was lost, and nothing wrong taken in"
