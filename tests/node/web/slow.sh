#!/bin/bash
# Clients that dawdle are cut off, those that are only slow are not; who asks too often is told when
# to come again. slow.sh SERVER: the program's server with little patience (impatient.c).
. "$(dirname "$0")/../../harness/script.sh"
server=$1 room=$(cd "$(dirname "$0")" && pwd)

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -subj /CN=localhost \
  -days 1 -out certificate.pem 2>said
mkfifo input
"$server" key.pem certificate.pem . <input >done 2>said &
pid=$!
exec 4>input
for _ in {1..100}; do [ ! -s done ] || break; sleep 0.1; done
port=$(head -n 1 done)
[ -n "$port" ] || fail "no port: $(cat said)"

"${YIZHAN_PYTHON:-python3}" "$room/slow.py" "$port"
# Whoever was let in may go on; a stranger has had enough now, and is told how long.
ask() { curl -sk -o answer -w '%{http_code}' --max-time 20 "$@" "https://127.0.0.1:$port/nothing"; }
curl -sk -o answer -w '%{http_code} %header{retry-after}\n' "https://127.0.0.1:$port/nothing?[1-200]" >asked
grep -q '^200 ' asked || fail "the first are not answered: $(head -n 3 asked)"
seconds=$(sed -n 's/^429 //p' asked | tail -n 1)
[ -n "$seconds" ] || fail "a stranger who asks too often: $(tail -n 3 asked)"
[ "$seconds" -ge 1 ] && [ "$seconds" -le 10 ] || fail "Retry-After: $seconds"
is "a stranger elsewhere" 200 "$(ask --interface 127.0.0.2)"
sleep "$seconds"
is "after that time" 200 "$(ask)"
for _ in {1..10}; do is "a friend" 200 "$(ask -H 'Authorization: x')"; done

exec 4>&-
wait "$pid" || fail "the server: $(cat said)"
grep -q '^friend GET nothing 200 ' done || fail "what was said of a friend: $(cat done)"
grep -q '^::ffff:127.0.0.1 POST body 200 ' done || fail "what was said of the slow one: $(cat done)"
grep -q ' POST body 0 ' done || fail "what was said of one who was cut off: $(cat done)"
is "files left" "" "$(find . -name '.yz-*')"
echo "who dawdles is cut off"
