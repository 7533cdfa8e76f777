#!/bin/bash
# The hub shows an authority's certificate itself: only once every village knows its key; and what it
# says at its start is what curl and openssl find there.
. "$(dirname "$0")/https_lib.sh"
shows() { openssl s_client -connect "127.0.0.1:$PORT" </dev/null 2>s_client | openssl x509 -noout -fingerprint -sha256 | cut -d = -f 2; }

y hub hub init --township 青山镇 --code QSZ --url https://127.0.0.1:1 >said
serve
village 1
village 2
for v in v1 v2; do opens "$v" "$v 的事" >said; y "$v" sync >said; done
first=$(shows)
unserve

# Its own certificate is the same whenever it is started, so that a browser asks once.
serve "$PORT"
is "its own, again" "$first" "$(shows)"
is "what it says" "$first" "$FINGERPRINT"
unserve

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -subj '/CN=Sample authority' \
  -days 1 -out ca.pem 2>said
for name in front late; do
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.key -subj /CN=hub -out $name.csr 2>said
  openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 \
    -extfile <(echo subjectAltName=IP:127.0.0.1) -out $name.pem 2>said
done
pin=$(openssl x509 -pubkey -noout -in front.pem | openssl pkey -pubin -outform DER | sha256sum | cut -c1-64)

# Nobody knows its key yet; then not everyone.
shown="--listen 127.0.0.1:$PORT --page 127.0.0.1:0 --certificate front.pem"
exits 1 y hub hub serve $shown --key front.key
grep -q 'hub certificate other' said || fail "a key that is not known: $(cat said)"
exits 2 y hub hub serve $shown
exits 1 y hub hub serve $shown --key late.key
grep -q 'belong together' said || fail "another key: $(cat said)"
y hub hub certificate other "$pin" >said
exits 1 y hub hub serve $shown --key front.key
grep -q 'Not all villages' said || fail "who has not heard: $(cat said)"
serve "$PORT"
for v in v1 v2 v1 v2; do y "$v" sync >said; done
unserve

# All have: they come as before, and whoever trusts the authority needs no pin.
serve "$PORT" --certificate front.pem --key front.key
is "what it shows" "$(openssl x509 -noout -fingerprint -sha256 -in front.pem | cut -d = -f 2)" "$(shows)"
is "what it says of it" "$(shows)" "$FINGERPRINT"
is "by the authority" 200 "$(curl -s --cacert ca.pem -o body -w '%{http_code}' "$BASE/healthz")"
is "without it" 000 "$(curl -s -o body -w '%{http_code}' "$BASE/healthz")"
for v in v1 v2; do
  opens "$v" 之后 >said
  y "$v" sync >said
  is "pending at $v" 0 "$(yj "$v" .pending status)"
done
unserve

# Where the key is known dates say nothing: a certificate that is over, one that is yet to come, and villages whose clocks
# are ten years off.
${CC:-cc} -shared -fPIC -D_GNU_SOURCE -o clock.so "$ROOM/clock.c" -ldl || exit 77
export ASAN_OPTIONS=verify_asan_link_order=0
then_made() { # NAME YEARS: a certificate of the same key, for one day of that year
  YIZHAN_TEST_NOW=$(($(date -d "$2 years" +%s) * 1000)) LD_PRELOAD=$HERE/clock.so openssl x509 -req -in front.csr -CA ca.pem -CAkey ca.key \
    -CAcreateserial -days 1 -extfile <(echo subjectAltName=IP:127.0.0.1) -out "$1.pem" 2>said
}
then_syncs() { # YEARS NODE
  YIZHAN_TEST_NOW=$(($(date -d "$1 years" +%s) * 1000)) LD_PRELOAD=$HERE/clock.so y "$2" sync >said
}
then_made over -12
then_made coming +12
for name in over coming; do
  serve "$PORT" --certificate $name.pem --key front.key
  ! openssl verify -CAfile ca.pem $name.pem >said 2>&1 || fail "the dates of $name are well"
  is "by the authority, $name" 000 "$(curl -s --cacert ca.pem -o body -w '%{http_code}' "$BASE/healthz")"
  for v in v1 v2; do
    opens "$v" "$name" >said
    y "$v" sync >said
    is "pending at $v with $name" 0 "$(yj "$v" .pending status)"
  done
  unserve
done
serve "$PORT"
for years in -10 +10; do
  opens v1 "$years" >said
  then_syncs $years v1
  is "pending at v1, $years years off" 0 "$(yj v1 .pending status)"
done
clean hub v1 v2
unserve
echo "an authority's certificate"
