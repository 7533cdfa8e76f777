#!/bin/bash
# A disk that somebody else has filled: what is there can be read, and the reserve lets
# twenty more cases, a backup and a contact be written, at a village and at its hub.
[ -n "${OWN_MOUNTS:-}" ] || {
  unshare -rm true 2>/dev/null || exit 77
  OWN_MOUNTS=1 exec unshare -rm bash "$0" "$@"
}
. "$(dirname "$0")/../harness/script.sh"
mkdir disk
mount -t tmpfs -o size=160m none disk || exit 77
[ -n "${YIZHAN_KEEP:-}" ] || trap 'umount disk && rm -rf "$HERE"' EXIT
WHOLE=$((12 << 20)) V=disk/v HUB=disk/hub

fill() {
  cat /dev/zero >>disk/filler 2>/dev/null || true
  is "free on the disk" 0 "$(df --output=avail disk | tail -n1 | tr -d ' ')"
}
held() { yj "$1" .reserve status; }
# does NODE COMMAND...: it ends well; what it says beside is in noted.
does() { y "$@" >said 2>noted || fail "$*: $(cat noted)"; }

does $HUB hub init --township 青山镇 --code QSZ
does $HUB hub invite --village 东村 --code DC -o dc.json
does $V join dc.json
does $V case open --title 先 --text 有地方的时候
number=$(cat said)
does $V sync
is "low" false "$(yj $V .disk_low status)"
{ printf '\xff\xd8\xff\xe0'; head -c 400000 /dev/urandom; } >photo.jpg
does $V case attach "$number" photo.jpg
here() { yj "$1" '[.history[].body | select(.pieces) | "\(.here)/\(.pieces)"] | join(" ")' case show "$number"; }
for n in $HUB $V; do is "the reserve of $n" $WHOLE "$(held $n)"; done

fill
is "low" true "$(yj $V .disk_low status)"
does $V status
grep -q 'nearly full.*Free some space' said || fail "status does not say it: $(cat said)"
grep -q 'A reserve of 12 MiB' said || fail "status does not say what is left: $(cat said)"
is "listed" 1 "$(yj $V length case list)"
does $V case show "$number"
for n in $HUB $V; do is "the reserve of $n, read only" $WHOLE "$(held $n)"; done

does $V verify
for i in $(seq 20); do
  does $V case open --title "第 $i 件" --text "$(seq $((i * 40)))"
  cat noted >>all.noted
done
does $V backup disk/v.backup
cat noted >>all.noted
grep -q 'into the reserve' all.noted || fail "it is not said that the reserve is used"
does $V sync
fill
does $HUB hub ingest
does $HUB hub invite --village 西村 --code XC -o xc.json
does $V sync
for n in $HUB $V; do [ "$(held $n)" -lt $WHOLE ] || fail "$n gave nothing of its reserve"; done
is "found" 1 "$(yj $V length case list --search 有地方的时候)"
is "at the hub" 21 "$(yj $HUB length case list)"
is "pending" 0 "$(yj $V .pending status)"
is "no piece takes of the reserve" 0/2 "$(here $HUB)"
exits 1 y $V case attach "$number" photo.jpg
grep -q 'no room for this' said || fail "said: $(cat said)"
for n in $HUB $V; do is "verify of $n" true "$(yj $n '.ok and .records > 0' verify)"; done
does w restore disk/v.backup
is "in the backup" 21 "$(yj w length case list)"

# No reserve at all is left: all can be read still, and what cannot be saved says so.
rm $V/reserve
fill
is "listed" 21 "$(yj $V length case list)"
is "exported" 21 "$(y $V export --format jsonl | wc -l)"
does $V case show "$number"
does $V status
does $V verify
exits 1 y $V --json case open --title 写不下
grep -q '"full"' said || fail "it is not said that the disk is full: $(cat said)"
is "nothing of it" 21 "$(yj $V length case list)"

# A page where there is no node yet.
"$YIZHAN" --dir disk/new --json serve --listen 127.0.0.1:0 >page 2>page.said &
served=$!
for ((i = 0; i < 600; i++)); do [ ! -s page ] || break; sleep 0.1; done
is "set up" '507 full' "$(curl -s -o said -w '%{http_code}' -H 'Content-Type: application/json' -d '{"worker":"x","passphrase":"y","village":"z","code":"ZZ"}' "$(jq -r .url page)api/v1/setup") $(jq -r .error.code said)"
end "$served"

# Room again: work goes on, and the reserve is whole.
rm disk/filler
does $V case open --title 又有地方
is "the reserve" $WHOLE "$(held $V)"
does $V sync
does $HUB hub ingest
does $V sync
is "the reserve of the hub" $WHOLE "$(held $HUB)"
is "at the hub" 22 "$(yj $HUB length case list)"
is "pending" 0 "$(yj $V .pending status)"
is "the photo at the hub" 2/2 "$(here $HUB)"
