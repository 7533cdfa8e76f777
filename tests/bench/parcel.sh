# shellcheck shell=bash
# A parcel of many new cases: its size, how long it takes to be written (cut, sealed, flushed, read
# back), and to be read, verified and taken in; and the same with a hundred times as many records
# behind them. Floors: git's own bundle of the same branches, and its own reading of it.
parcel_round() { # NODE-PREFIX CASES: one parcel of these, there and back
  local a=$1 bundle
  y "$a" case import "$2" >/dev/null
  mkdir stick
  seconds y "$a" --json parcel write stick >>"parcel.$a.write"
  find stick -name '*.YZP' -printf '%s\n' | jq -s add >>"parcel.$a.bytes"
  seconds y "$a.hub" --json parcel read stick --reply >>"parcel.$a.read"
  y "$a" parcel read stick >/dev/null
  [ "$(y "$a" --json status | jq .pending)" = 0 ]
  rm -rf stick
}
records=$(size 10000 60)
# From now on they meet by stick alone. By the first parcel each side hears what the other has.
far_behind
for a in near far; do
  y "$a" ledger move ssh://nowhere.invalid/x >/dev/null 2>&1
  cases 1 "$records" new.jsonl
  parcel_round "$a" new.jsonl
done
rm -f parcel.*
for round in $(seq "$(size 3 1)"); do
  cases "$records" "$((10 + round))" new.jsonl
  before=$(git -C near/ledgers/*.git for-each-ref --format='^%(objectname)' refs/heads)
  parcel_round near new.jsonl
  parcel_round far new.jsonl
  repository=$(echo near/ledgers/*.git)
  # shellcheck disable=SC2086
  seconds git -C "$repository" bundle create -q "$room/floor.bundle" --branches $before >>parcel.floor.write
  git init -q --bare floor.git
  # By name git's own upload-pack hands out branches alone; what stood there before is asked for by commit.
  git -C "$repository" config uploadpack.allowAnySHA1InWant true
  # shellcheck disable=SC2046
  git -C floor.git fetch -q "../$repository" $(echo "$before" | tr -d '^')
  seconds git -C floor.git -c transfer.fsckObjects=true fetch -q "$room/floor.bundle" 'refs/heads/*:refs/heads/*' >>parcel.floor.read
  rm -rf floor.git floor.bundle
done
bytes=$(median <parcel.near.bytes) write=$(median <parcel.near.write) read=$(median <parcel.near.read)
least=$(calc "($(jq -r '.title + "\n" + .text' new.jsonl | gzip -6 | wc -c) + 96 * $records)")
figure 'parcel of new cases, size' MB "$(calc "$bytes / 1e6")" "$(calc "$least / 1e6")" "$(calc "$bytes / $least")" \
  '<= 3.4' "$(calc "$bytes / 1e6 * 10000 / $records")"
floor=$(median <parcel.floor.write)
figure 'parcel of new cases, written' s "$write" "$floor" "$(calc "$write / $floor")" '<= 0.5' "$write"
floor=$(median <parcel.floor.read)
figure 'parcel of new cases, read and taken in' s "$read" "$floor" "$(calc "$read / $floor")" '<= 1.5' "$read"
for what in write read bytes; do
  near=$(median <"parcel.near.$what") far=$(median <"parcel.far.$what")
  figure "the same, many behind: $what" "$([ $what = bytes ] && echo bytes || echo s)" "$far" "$near" \
    "$(calc "$far / $near")" '<= 1.2' "$(calc "$far / $near")"
done
rm -rf near* far* parcel.* new.jsonl
