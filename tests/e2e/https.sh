#!/bin/bash
# The road by HTTPS: from the invitation to the receipt, and what openssl, curl and stock git say
# of it.
. "$(dirname "$0")/https_lib.sh"

y hub hub init --township 青山镇 --code QSZ >said
exits 1 y hub hub serve
exits 1 y hub hub config url http://127.0.0.1:1
exits 1 y hub hub config url https://127.0.0.1:1/
is "no address" null "$(yj hub .url hub config url)"
y hub hub config url https://127.0.0.1:1 >said
serve
pin=$(yj hub .pin hub config url)
village 1
village 2
is "the road" "$BASE/ledger/$(ledger v1)#$pin" "$(sqlite3 v1/yizhan.db 'SELECT url FROM ledger WHERE joined=1')"
is "the pin in the invitation" "$pin" "$(jq -r '.pins | join(" ")' v1.json)"

# A push is taken in before it is answered; the next contact has the receipt.
number=$(opens v1 路灯不亮)
y v1 sync >said
is "at the hub at once" "$number" "$(yj hub '.[0].case' case list)"
y v1 sync >said
well v1 V1
is "nothing new" 0 "$(yj v1 '.sent + .received' sync)"

# What this user's git and environment say of proxies and other addresses leads nowhere.
printf '[url "https://127.0.0.1:1/"]\n\tinsteadOf = %s/\n[http]\n\tproxy = http://127.0.0.1:1\n\tsslVerify = false\n' "$BASE" >.gitconfig
exits 128 git ls-remote "$BASE/ledger/$(ledger v1)"
opens v1 井盖 >said
HTTPS_PROXY=http://127.0.0.1:1 https_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 y v1 sync >said
is "by no proxy" 0 "$(yj v1 .pending status)"
rm .gitconfig

# What the hub writes is there at the next contact.
y hub case resolve "$number" --text 灯已换 >said
is "the answer" 1 "$(yj v1 .received sync)"
well v1 V1

# Both villages, and a second PC of one, which brings what the first does not have to bring.
for v in 2; do
  opens "v$v" "村$v 的事" >said
  y "v$v" sync >said
  y "v$v" sync >said
  well "v$v" "V$v"
done
y hub hub invite --pc V1 -o pc.json >said
y p1 join pc.json --worker 干部乙 >said
y p1 sync >said
opens p1 第二台电脑 >said
y p1 sync >said
y p1 sync >said
opens v1 第一台电脑 >said
y v1 sync >said
y v1 sync >said
y p1 sync >said
well p1 V1
well v1 V1

# openssl: the pin is that of the key which is shown, whatever it is asked to speak.
for version in -tls1_2 -tls1_3; do
  openssl s_client -connect "127.0.0.1:$PORT" "$version" </dev/null 2>s_client | openssl x509 -pubkey -noout |
    openssl pkey -pubin -outform DER | sha256sum | cut -c1-64 >shown
  is "the key by openssl $version" "$pin" "$(cat shown)"
done
! openssl s_client -connect "127.0.0.1:$PORT" -tls1_1 </dev/null >s_client 2>&1 || fail "TLS 1.1"

# curl: by the pin alone.
auth="Authorization: Bearer $(pass v1)"
place=$BASE/ledger/$(ledger v1)
pinned=sha256//$(xxd -r -p <<<"$pin" | base64)
http 200 --pinnedpubkey "$pinned" -H "$auth" "$place/info/refs?service=git-upload-pack"
http 000 --pinnedpubkey "sha256//$(head -c 32 /dev/zero | base64)" -H "$auth" "$place/info/refs?service=git-upload-pack"

# Well or not, without a pass; what was asked is in the log.
http 200 "$BASE/healthz"
http 404 "$BASE/healthz/x"
mv hub/yizhan.db aside
http 503 "$BASE/healthz"
mv aside hub/yizhan.db
http 200 "$BASE/healthz"
asked() { awk -v node="$1" -v kind="$2" '$2 == node && $5 == kind && $6 == 200' hub/access.log | wc -l; }
# A line is written once its answer has gone.
for _ in {1..100}; do [ "$(asked - health)" -lt 2 ] || break; sleep 0.1; done
[ "$(asked - health)" = 2 ] || fail "health in the log: $(asked - health)"
[ "$(asked V1 push)" -ge 3 ] && [ "$(asked V1 refs)" -ge 6 ] || fail "contacts in the log: $(cat hub/access.log)"
is "mode of the log" 600 "$(stat -c %a hub/access.log)"

# git: what it clones is the ledger, whole and signed, by either protocol.
for protocol in 0 2; do
  as v1 -c protocol.version=$protocol clone -q --mirror "$place" "clone$protocol"
  is "the refs by protocol $protocol" "$(git -C hub/ledgers/V1.git show-ref)" "$(git -C "clone$protocol" show-ref)"
done
signed clone0 v1
exits 128 as v2 clone -q --mirror "$place" other

# The key goes with a backup: villages know the hub again.
unserve
y hub backup hub.backup >said
mv hub lost
y hub restore hub.backup >said
serve "$PORT"
opens v1 之后的事 >said
y v1 sync >said
y v1 sync >said
well v1 V1

# Nothing lies about.
is "files left" "" "$(find hub v1 p1 -name '.yz-*' -o -name 'tmp_*' -o -name 'incoming*')"
clean hub v1 v2 p1
unserve
signed hub/township.git hub
echo "a road by https"
