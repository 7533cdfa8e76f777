#!/bin/bash
# Attachments over a link: after the records, newest case first, in steps, going on where it was cut;
# and by a stick, both ways, in halves, in a memory that does not grow with them.
. "$(dirname "$0")/link_lib.sh"
. "$ROOM/attachments_lib.sh"

# order NODE LOG: the cases of the pieces, as they lie in its files/ branch, oldest commit first.
order() {
  local piece
  git -C "$1" log --reverse --format= --name-only "files/$2" | tr -d / | while read -r piece; do
    sqlite3 v1/yizhan.db "SELECT c.number FROM piece_of p JOIN record r ON r.n=p.record
      JOIN cases c ON c.id=r.case_id WHERE p.piece=x'$piece'"
  done | uniq | tr '\n' ' '
}

linked
village 1
y v1 sync >said
older=$(opens v1 路灯不亮)
newer=$(opens v1 水管漏水)
photo a.jpg 900000
photo b.jpg 300000
y v1 case attach "$older" a.jpg >said
y v1 case attach "$newer" b.jpg >said

# Where nothing as large as a piece comes through, records do, with their receipts, and no piece.
link cut=65536
status=0
y v1 --json sync >answer 2>said || status=$?
for i in $(seq 20); do
  [ "$(yj v1 .pending status)" != 0 ] || break
  y v1 sync >said 2>&1 || true
done
is "records are there" 0 "$(yj v1 .pending status)"
is "no piece is" "0/2" "$(here hub "$newer")"

# Where it is cut more rarely, they come by and by, those of the newer case first.
link cut=600000
for i in $(seq 30); do
  [ "$(here hub "$older")" != 4/4 ] || break
  y v1 sync >said 2>&1 || true
done
is "the older case's" 4/4 "$(here hub "$older")"
is "the newer case's" 2/2 "$(here hub "$newer")"
is "which came first" "$newer $older " "$(order hub/ledgers/V1.git "$(own v1)")"
y hub case attachment "$older" 1 -o a.back >said && same a.back a.jpg
y hub case attachment "$newer" 1 -o b.back >said && same b.back b.jpg

# Where nothing is new nothing is asked for.
link good
y v1 sync >said
all_out
before=$(awk '{print $1 + $2}' rules.count)
y v1 sync >said
all_out
[ $(($(awk '{print $1 + $2}' rules.count) - before)) -lt 20000 ] || fail "a contact without news: $(cat rules.count) $before"

# What the hub adds comes over the link too, cut or not.
photo c.jpg 1500000
y hub case attach "$older" c.jpg >said
link cut=700000
for i in $(seq 30); do
  [ "$(here v1 "$older")" != "4/4 6/6" ] || break
  y v1 sync >said 2>&1 || true
done
is "at the village" "4/4 6/6" "$(here v1 "$older")"
y v1 case attachment "$older" 2 -o c.back >said && same c.back c.jpg
link good
clean hub v1
is "files left" "" "$(find . -name '*way' -o -name '*incoming*' -o -name 'tmp_*')"
