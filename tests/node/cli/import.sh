#!/bin/bash
# Tables of other programs: what becomes of their rows, twice, damaged, and killed.
. "$(dirname "$0")/../../harness/script.sh"
: "${YIZHAN_PYTHON:?}"

"$YIZHAN" init --village 石桥村 --code QS3 --dir v >said

cat >a.jsonl <<'J'
{"id":"A1","time":"2024-02-13T13:42:05+08:00","title":"路灯","body":"村口\r\n的路灯","category":"设施","user":"张三","reply":"已修好","reply_time":"2024-02-20 08:00","cluster":7}
{"id":"A2","time":"2024/2/14 9:05","body":"  垃圾没有人收，已经一个星期了，天气热，气味很大，影响了村里老人和孩子的生活，请尽快处理\n谢谢","phone":13800000000}

{"id":"A3","title":"占道","opened":"2024年3月1日","closed":"2024-03-02"}
J
y v case import a.jsonl --json >out 2>notes
is "first time" '{"added":3,"skipped":0,"bad":[]}' "$(jq -c . out)"
grep -q '"cluster"' notes || fail "the unknown column is not named: $(cat notes)"
is "second time" '{"added":0,"skipped":3,"bad":[]}' "$(yj v tojson case import a.jsonl 2>/dev/null)"
show() { yj v "$2" case show "$(yj v ".[] | select(.title | startswith(\"$1\")) | .case" case list --limit 0)"; }
is "a row with all" '["路灯","村口\n的路灯","设施","张三","resolved","2024-02-13T13:42:05+08:00"]' \
  "$(show 路灯 '[.title,.text,.category,.resident,.state,.opened] | tojson')"
is "its reply" '["case.resolve","已修好","2024-02-20T08:00:00+08:00"]' \
  "$(show 路灯 '.history[1] | [.type,.body.text,.at] | tojson')"
is "where it comes from" '["id:A1",true]' "$(show 路灯 '.history[0].body | [.source,.history] | tojson')"
is "no title" '["垃圾没有人收，已经一个星期了，天气热，气味很大，影响了村里老人和孩子的生活，请尽","13800000000","registered"]' \
  "$(show 垃圾 '[.title,.phone,.state] | tojson')"
is "its length" 40 "$(show 垃圾 '.title | length')"
is "closed without a reply" "resolved 2024-03-02T00:00:00+08:00" "$(show 占道 '.state + " " + .history[1].at')"
is "number of its year" QS3-24- "$(show 占道 '.case | .[:7]')"
printf 'id,category\nK1,噪声扰民\n' >k.csv
is "only a category" 1 "$(yj v .added case import k.csv)"
is "its title" '["噪声扰民","噪声扰民"]' "$(show 噪声 '[.title,.category] | tojson')"
printf '{"id":"L1","title":"今天的事"}\n' >live.jsonl
is "live" 1 "$(yj v .added case import live.jsonl --live)"
is "live is no history" null "$(show 今天 '.history[0].body.history')"

# CSV: quotes, line ends, aliases, mapping, characters; rows that are bad.
printf '\xef\xbb\xbf编号,标题,内容,时间,联系电话,what\r\nB1,"一,""二""","多\n行",2024-01-01,1,x\r\nB2,,,2024-01-01,,\r\nB3,三,,昨天,,\r\nB4,四,,,,,,\r\nB5,=五,,2024-01-01 10:00,,y\r\n' >b.csv
exits 1 y v case import b.csv --json
y v case import b.csv --json >out 2>/dev/null || true
is "bad rows" '[4,5,6]' "$(jq -c '[.bad[].line]' out)"
is "the rest is in" '[0,2]' "$(jq -c '[.added,.skipped]' out)"
is "reasons" true "$(jq '[.bad[].reason | length > 10] | all' out)"
is "quoted" '["一,\"二\"","多\n行"]' "$(show 一 '[.title,.text] | tojson')"
is "mapped" '{"added":1,"skipped":0}' "$(printf 'who,what\n张三,新的\n' >m.csv && yj v '{added,skipped} | tojson' case import m.csv --map 'what=title, who = resident')"
is "mapped to" 张三 "$(show 新的 .resident)"
# A name is tidied; the row's identity is by what stands in the table, as it was before names were.
printf 'resident,title\n张  三,两处空格\n' >n.csv
is "imported" '{"added":1,"skipped":0}' "$(yj v '{added,skipped} | tojson' case import n.csv)"
is "one blank" '张 三' "$(show 两处空格 .resident)"
is "its identity" "row:$(printf '%s\0' '' 两处空格 '' '' '' '' '' '' '张  三' '' '' '' '' | sha256sum | cut -d' ' -f1):0" \
  "$(sqlite3 v/yizhan.db "SELECT source FROM cases WHERE title='两处空格'")"
exits 2 y v case import m.csv --map what=nothing
exits 2 y v case import m.csv --map what
exits 2 y v case import m.txt
exits 1 y v case import missing.csv
iconv -f UTF-8 -t GB18030 >g.csv <<'C'
编号,标题,留言用户
G1,污水㙟问题,李四
C
is "GB18030" 1 "$(yj v .added case import g.csv)"
is "as it was" 李四 "$(show 污水㙟 .resident)"
printf 'id,title\nU1,开头\nU2,"没有完' >u.csv
exits 1 y v case import u.csv
is "what stood before it" 1 "$(yj v length case list --search 开头)"

# Rows without an id: equal ones all go in, once.
printf 'title,text\n同样,的\n同样,的\n别的,话\n同样,的\n' >e.csv
is "equal rows" '{"added":4,"skipped":0}' "$(yj v '{added,skipped} | tojson' case import e.csv)"
is "again" '{"added":0,"skipped":4}' "$(yj v '{added,skipped} | tojson' case import e.csv)"
printf 'text,title\n的,同样\n的,同样\n的,同样\n的,同样\n' >e2.csv
is "one more, columns in another order" '{"added":1,"skipped":3}' "$(yj v '{added,skipped} | tojson' case import e2.csv)"
printf '{"id":"S","title":"同号"}\n{"id":"S","title":"同号二"}\n' >s.jsonl
is "one id twice" '{"added":1,"skipped":1}' "$(yj v '{added,skipped} | tojson' case import s.jsonl)"

# Nothing from outside may be too much: control characters, nesting, what is no object.
printf '{"id":"X1","title":"\\u001b[31m红"}\n[1]\n{"id":\n{"id":"X2","title":"\\u0000"}\n{"id":"X3","title":{"a":1},"text":"\\u007f文"}\n{"id":"X4","title":"两","title":"遍"}\n{"id":"X5","title":"空","text":null,"other":[1]}\n' >x.jsonl
exits 1 y v case import x.jsonl --json
is "hostile rows" '[2,3,4,5,6]' "$(y v case import x.jsonl --json 2>/dev/null | jq -c '[.bad[].line]' || true)"
is "a list that is no cell, and null" 1 "$(yj v '[.[] | select(.title == "空")] | length' case list --limit 0)"
is "made harmless" 1 "$(yj v '[.[] | select(.title == "[31m红")] | length' case list --limit 0)"
printf '%s%s' "$(printf '[%.0s' {1..3000})" "$(printf ']%.0s' {1..3000})" >deep.jsonl
exits 1 y v case import deep.jsonl
{ printf '{"title":"长","pad":"' && head -c 4200000 /dev/zero | tr '\0' a && printf '"}\n'; } >long.jsonl
exits 1 y v case import long.jsonl --json
is "a line too long" '[1]' "$(y v case import long.jsonl --json 2>/dev/null | jq -c '[.bad[].line]' || true)"
"$YIZHAN_PYTHON" -c 'print("id,title,text\nH1,大,"+"字"*200000)' >h.csv
exits 1 y v case import h.csv
is "all is well" true "$(yj v .ok verify)"

# Cells too long, times that cannot be: the row is bad, and its line and cell are named.
"$YIZHAN_PYTHON" -c '
print("id,title,text,time,reply,phone")
print("L1,"+"长"*201+",,,,")
print("L2,x,"+"a"*65537+",,,")
print("L3,x,,2062-01-01,,")
print("L4,x,,0202-01-01,,")
print("L5,x,,2024-01-01,"+"b"*65537+",")
print("L6,x,,,,"+"1"*101)
print("L7,"+"长"*200+","+"a"*65536+",2024-01-01,"+"b"*65536+","+"1"*100)' >l.csv
exits 1 y v case import l.csv --json
y v case import l.csv --json >out 2>/dev/null || true
is "lines" '[2,3,4,5,6,7]' "$(jq -c '[.bad[].line]' out)"
is "the bound itself is in" 1 "$(jq .skipped out)"
is "which cells" "title: 603 > 600 text: 65537 > 65536 reply: 65537 > 65536 phone: 101 > 100" \
  "$(jq -r '[.bad[].reason | capture("(?<what>[a-z]+: [0-9]+ > [0-9]+)").what] | join(" ")' out)"
is "which times" "yet to come before 1900" "$(jq -r '[.bad[].reason | capture("(?<what>yet to come|before 1900)").what] | join(" ")' out)"
printf '{"title":"x","phone":"%0101d"}\n' 0 >l.jsonl
exits 1 y v case import l.jsonl
grep -q 'line 1: .*phone: 101 > 100' said || fail "$(cat said)"

# Killed in the middle: what was saved is there, the next run brings the rest.
"$YIZHAN_PYTHON" -c '
for i in range(6000): print("{\"id\":\"K%d\",\"title\":\"第%d件\",\"reply\":\"好\"}" % (i, i))' >k.jsonl
"$YIZHAN" init --village 乙 --code YI --dir k >said
for turn in 1 2 3; do
  y k case import k.jsonl >said 2>&1 &
  pid=$! before=$(sqlite3 -readonly k/yizhan.db 'SELECT count(*) FROM record' 2>/dev/null || echo 0)
  for _ in $(seq 2000); do
    now=$(sqlite3 -readonly k/yizhan.db 'SELECT count(*) FROM record' 2>/dev/null || echo 0)
    [ "$now" = "$before" ] || break
  done
  kill -9 "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
done
is "after three kills all goes in" 6000 "$(yj k '.added + .skipped' case import k.jsonl)"
is "once" "6000 6000" "$(yj k '[length, ([.[].title] | unique | length)] | join(" ")' case list --limit 0)"
is "with its reply" 6000 "$(yj k length case list --limit 0 --status resolved)"
is "all is well" true "$(yj k .ok verify)"
