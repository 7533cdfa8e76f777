# shellcheck shell=bash
# A parcel with 1 GB of attachments: the memory that writing and reading it take, and how long; against git's own
# bundle of the same branches.
photos=$(size 24 2) bytes=$(size 42000000 1000000)
township hub v
y v ledger move ssh://nowhere.invalid/x >/dev/null 2>&1
for n in $(seq "$photos"); do
  { printf '\xff\xd8\xff\xe0'; head -c "$bytes" /dev/urandom; } >photo.jpg
  number=$(y v case open --title "第 $n 盏路灯不亮" 2>/dev/null)
  y v case attach "$number" photo.jpg >/dev/null 2>&1
done
rm photo.jpg
mkdir stick
peak() { jq '.peak / 1e6' "$1.spawn"; }
written() { "$YIZHAN_BENCH" spawn 1 "$@" >"$name.spawn"; }
name=write && write=$(seconds written "$YIZHAN" --dir v parcel write stick)
name=read && read=$(seconds written "$YIZHAN" --dir hub parcel read stick --reply)
y v parcel read stick >/dev/null
[ "$(y v --json status | jq '.pending + .pieces_pending')" = 0 ]
rm -rf stick
repository=$(echo v/ledgers/*.git)
name=bundle && bundle=$(seconds written git -C "$repository" bundle create -q "$PWD/floor.bundle" --branches)
git init -q --bare floor.git
name=fetch && fetch=$(seconds written git -C floor.git -c transfer.fsckObjects=true fetch -q "$PWD/floor.bundle" \
  'refs/heads/*:refs/heads/*')
figure 'parcel of 1 GB attached: memory to write it' MB "$(peak write)" "$(peak bundle)" \
  "$(calc "$(peak write) / $(peak bundle)")" '<= 40' "$(peak write)"
figure 'parcel of 1 GB attached: memory to read it' MB "$(peak read)" "$(peak fetch)" \
  "$(calc "$(peak read) / $(peak fetch)")" '<= 40' "$(peak read)"
figure 'parcel of 1 GB attached: written' s "$write" "$bundle" "$(calc "$write / $bundle")" ''
figure 'parcel of 1 GB attached: read and taken in' s "$read" "$fetch" "$(calc "$read / $fetch")" ''
rm -rf hub v hub.invitation floor.git floor.bundle ./*.spawn
