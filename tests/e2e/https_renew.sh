#!/bin/bash
# The hub's TLS key is replaced: villages that heard of the next one never notice, and none is left
# behind in silence.
. "$(dirname "$0")/https_lib.sh"
pins() { sqlite3 "$1/yizhan.db" 'SELECT url FROM ledger WHERE joined=1' | sed 's/.*#//'; }
untold() { yj hub '.untold | join(" ")' hub certificate show; }

y hub hub init --township 青山镇 --code QSZ >said
exits 1 y hub hub certificate next
y hub hub config url https://127.0.0.1:1 >said
serve
village 1
village 2
y hub hub invite --pc V1 -o pc.json >said
y p1 join pc.json --worker 干部乙 >said
git init -q --bare elsewhere/v3.git
y hub hub invite --village 村3 --code V3 -o v3.json --ledger "$HERE/elsewhere/v3.git" >said
y v3 join v3.json --worker 干部丙 >said
for v in v1 v2 v3; do opens "$v" "$v 的事" >said; y "$v" sync >said; done
y p1 sync >said
old=$(yj hub .pin hub certificate show)
is "one pin" "$old" "$(pins v1)"
exits 1 y hub hub certificate renew

# The next key: who comes hears of it, and knows the hub by both.
new=$(yj hub .next hub certificate next)
[[ $new =~ ^[0-9a-f]{64}$ && $new != "$old" ]] || fail "the next pin: $new"
is "the same again" "true $new" "$(yj hub '"\(.already) \(.next)"' hub certificate next)"
is "not heard" "V1 V2" "$(untold)"
is "in an invitation" "$old,$new" "$(y hub hub invite --village 村4 --code V4 -o v4.json >said; jq -r '.pins | join(",")' v4.json)"
y v1 sync >said
is "both pins" "$old,$new" "$(pins v1)"
y v1 sync >said
is "one PC of two has" "V1 V2" "$(untold)"
exits 1 y hub hub certificate renew
grep -q 'Not all villages' said || fail "who has not heard: $(cat said)"
y p1 sync >said
y p1 sync >said
is "V1 has" V2 "$(untold)"
y v2 sync >said
y v2 sync >said
is "all have" "" "$(untold)"
is "by another road nothing changes" "$HERE/elsewhere/v3.git" "$(pins v3)"

# It is used: nobody notices, and the old one is known no more once they were here.
is "present now" "$new" "$(yj hub .pin hub certificate renew)"
exits 1 y hub hub certificate renew
unserve
serve "$PORT"
openssl s_client -connect "127.0.0.1:$PORT" </dev/null 2>s_client | openssl x509 -pubkey -noout |
  openssl pkey -pubin -outform DER | sha256sum | cut -c1-64 >shown
is "what the server shows" "$new" "$(cat shown)"
for v in v1 p1 v2; do
  opens "$v" 之后 >said
  y "$v" sync >said
  y "$v" sync >said
  is "pending at $v" 0 "$(yj "$v" .pending status)"
  is "pins at $v" "$new" "$(pins "$v")"
done
well v2 V2
is "the invitation from before" true "$(yj v4 .granted join v4.json --worker 干部丁)"

# With --anyway who has not heard is left behind, and told what to do; the address anew helps.
newer=$(yj hub .next hub certificate next)
y v1 sync >said
y v1 sync >said
y hub hub certificate renew --anyway >said
grep -q 'started anew' said || fail "what is said of it: $(cat said)"
unserve
serve "$PORT"
opens v2 落下 >said
pending=$(yj v2 .pending status)
exits 1 y v2 sync
grep -q 'ledger move' said || fail "what to do: $(cat said)"
is "queued" "$pending" "$(yj v2 .pending status)"
y v1 sync >said
y v2 ledger move "$BASE/ledger/$(ledger v2)#$newer" >said
y v2 sync >said
well v2 V2

# What says it is in the store as in the ledger: rebuilt, a village knows the hub as before.
y v2 rebuild --from ledger >said
is "pins after rebuilding" "$newer" "$(pins v2)"
clean hub v1 v2 p1 v3
unserve
signed hub/ledgers/V2.git hub
echo "a new key, and nobody left behind"
