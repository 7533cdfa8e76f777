#!/bin/bash
# Each bit of a parcel's first 4 KiB turned, and ten thousand after: none passes for whole, and a
# hub that reads some of them takes in nothing.
. "$(dirname "$0")/lib.sh"

township 1
opens v1 一件 >said
mkdir stick harm
y v1 parcel write stick >said
whole=$(echo stick/*.YZP)
looked=0
look() { # HOW...
  local n
  n=$("$PYTHON" "$ROOM/harm.py" "$whole" harm "$@")
  is "$*: passing for whole" 0 "$(yj nobody '[.[] | select(.state == "whole")] | length' parcel list harm)"
  looked=$((looked + n))
}
for from in $(seq 0 512 3584); do
  look bits "$from" $((from + 512))
done
y hub --json parcel read harm >read 2>noted && fail "damaged parcels were read in silence"
is "taken in" "0 0" "$(jq -r '"\(.accepted) \([.parcels[] | select(.state != "failed")] | length)"' read)"
rm harm/*
for i in 1 2 3; do look seeded 3400; done
[ "$looked" -ge 42000 ] || fail "only $looked were looked at"
is "the whole one" 1 "$(y hub parcel read stick | grep -c 'taken in')"
is "the case" 1 "$(yj hub length case list)"
echo "$looked damaged parcels"
