#!/bin/bash
# Who has had contacts with the hub by HTTPS writes a first parcel without the photos and keys that went
# that way; and where the hub lost them with its disk, they come by the next one.
. "$(dirname "$0")/https_lib.sh"

y hub hub init --township 青山镇 --code QSZ --url https://127.0.0.1:1 >said
serve
village 1
y v1 sync >said
y hub backup hub.backup >said
number=$(opens v1 路灯不亮)
{ printf '\xff\xd8\xff\xe0'; head -c 900000 /dev/urandom; } >photo.jpg
y v1 case attach "$number" photo.jpg >said
for i in $(seq 30); do opens v1 "旧事$i" >said 2>&1; done
here() { yj hub '[.history[].body | select(.pieces) | "\(.here)/\(.pieces)"] | join(" ")' case show "$number"; }
until_so 'y v1 sync >said && [ "$(yj v1 .pieces_pending status)" = 0 ]'
is "the photo, by the link" 4/4 "$(here)"

# What went by the link stays at home.
later=$(opens v1 水管漏水)
mkdir stick
y v1 --json parcel write stick >written
size=$(jq '[.parcels[].bytes] | add' written)
[ "$size" -lt 16000 ] || fail "a parcel of one case after contacts: $size"
y hub parcel open stick/*.YZP -o x.bundle >said
is "branches in it" "keys log" "$(git bundle list-heads x.bundle | sed 's|.*refs/heads/||; s|/.*||' | sort -u | paste -sd ' ')"
y hub --json parcel read stick --reply >read
is "taken" "taken 1" "$(jq -r '"\(.parcels[0].state) \(.accepted)"' read)"
y v1 parcel read stick >said
is "pending" 0 "$(yj v1 .pending status)"
clean hub v1

# The hub's disk is lost, and what is restored knows nothing of all this: the parcel comes too early, the
# answer says what is here, and the next parcel holds all.
end "${SERVER:-}"
SERVER=
mv hub hub.lost
y hub restore hub.backup >said
rm stick/*
last=$(opens v1 最后一件)
y v1 parcel write stick >said
y hub --json parcel read stick --reply >read
is "too early, and answered" "early 1" "$(jq -r '"\(.parcels[0].state) \(.reply | length)"' read)"
y v1 parcel read stick --reply >said
y hub parcel read stick --reply >said
y v1 parcel read stick --reply >said
y hub parcel read stick --reply >said
y v1 parcel read stick >said
for case in "$number" "$later" "$last"; do
  is "$case" 1 "$(yj hub "[.[] | select(.case == \"$case\")] | length" case list --limit 0)"
done
is "the photo" 4/4 "$(here)"
is "pending" 0 "$(yj v1 .pending status)"
clean hub v1
