# shellcheck shell=bash
# Git's packs and their size after very many small syncs, against one repack.
township hub v
for round in $(seq "$(size 5000 3)"); do
  y v case open --title "路灯 $round" >/dev/null 2>&1
  met hub v
done
for side in v hub; do
  repository=$(echo "$side"/ledgers/*.git)
  packs=$(find "$repository/objects/pack" -name '*.pack' | wc -l)
  kept=$(find "$repository/objects" -type f -printf '%s\n' | jq -s add)
  cp -r "$repository" again.git
  git -C again.git repack -q -a -d -F
  least=$(find again.git/objects -type f -printf '%s\n' | jq -s add)
  rm -rf again.git
  figure "packs after small syncs, $side" packs "$packs" 1 "$packs" '<= 20' "$packs"
  figure "size after small syncs, $side" MB "$(calc "$kept / 1e6")" "$(calc "$least / 1e6")" \
    "$(calc "$kept / $least")" '<= 1.3' "$(calc "$kept / $least")"
done
rm -rf hub v hub.invitation
