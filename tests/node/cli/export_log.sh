#!/bin/bash
# What leaves for other programs: tables, JSON lines, and the records as they were
# signed, judged by sha256sum and openssl.
. "$(dirname "$0")/../../harness/script.sh"
: "${YIZHAN_PYTHON:?}"

"$YIZHAN" init --village 石桥村 --code QS3 --dir v >said
n=$(yj v .case case open --title '=SUM(A1)' --text $'一,"二"\n三' --resident 张三 --phone +8613800000000 --category '@x')
y v case open --title '-1' >said
y v case open --title 举报 --resident 李四 --anonymous >said
y v case resolve "$n" --text 好了 >said

y v export --format csv >out.csv
"$YIZHAN_PYTHON" - "$n" <<'P'
import csv, sys
raw = open("out.csv", "rb").read()
assert raw.endswith(b"\r\n") and raw.count(b"\r\n") == 4, raw
rows = list(csv.DictReader(open("out.csv", encoding="utf-8", newline="")))
assert list(rows[0]) == ("case,title,text,category,channel,urgency,place,resident,phone,household,"
                         "anonymous,state,flags,opened,assigned,conflict_count,class,due,overdue,provisional,"
                         "village,opened_by,imported,office,due_of,breaches,answered,answer_due,resolved,resolve_due,"
                         "result,solved,same_hand,no_follow_up").split(","), rows[0]
row = next(r for r in rows if r["case"] == sys.argv[1])
assert row["title"] == "'=SUM(A1)" and row["phone"] == "'+8613800000000" and row["category"] == "'@x", row
assert row["text"] == "一,\"二\"\n三" and row["state"] == "resolved" and row["resident"] == "张三", row
assert row["village"] == "QS3" and row["opened_by"] == "worker" and row["imported"] == "false", row
assert row["answered"] == row["resolved"] != "" and row["answer_due"] and row["due_of"] == row["result"] == "", row
secret = next(r for r in rows if r["title"] == "举报")
assert secret["anonymous"] == "true" and secret["resident"] == "", secret
for r in rows:
    for cell in r.values():
        assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r"), cell
P

y v export --format jsonl >out.jsonl
is "one a line" 3 "$(wc -l <out.jsonl)"
is "as case show has them" "$(yj v tojson case show "$n")" "$(jq -c "select(.case == \"$n\")" out.jsonl)"
is "and back" 3 "$("$YIZHAN" init --village b --code CD --dir w >said && yj w .added case import out.jsonl 2>said)"
exits 1 bash -c '"$1" --dir v export --format csv >/dev/full' - "$YIZHAN"

# The log: a chain of hashes and signatures that plain tools verify.
y v log >log.jsonl
is "records" 6 "$(wc -l <log.jsonl)"
is "in order" "1 2 3 4 5 6" "$(jq -r '.[0].seq' log.jsonl | tr '\n' ' ' | sed 's/ $//')"
is "of one case" 2 "$(y v log --case "$n" | wc -l)"
id=$(yj v .id case show "$n")
is "and none else" true "$(y v log --case "$n" | jq -s "all(.[0].case == \"$id\" or .[0].type == \"case.open\")")"
exits 1 y v log --case QS3-26-0999-X
y v log --content >words.jsonl
is "the same lines, and two items" "$(jq -c . log.jsonl)" "$(jq -c 'if length == 4 then .[:2] else empty end' words.jsonl)"
is "the words" '{"text":"好了"}' "$(jq -c 'select(.[0].type == "case.resolve") | .[2].village' words.jsonl)"
is "all counts" 6 "$(jq -c 'select(.[3] == null)' words.jsonl | wc -l)"

begin=$(head -1 log.jsonl)
before=$(printf 'yizhan-log-v1\n%s\n%s\n%s\n' "$(jq -r '.[0].node' <<<"$begin")" \
  "$(jq -r '.[0].incarnation' <<<"$begin")" "$(jq -r '.[0].ledger' <<<"$begin")" | sha256sum | cut -c1-64)
is "the log's id" "$(jq -r '.[0].log' <<<"$begin")" "${before:0:32}"
while IFS= read -r line; do
  record=${line#[} record=${record%,\"*}
  before=$(printf 'yizhan-record-v1\n%s\n%s' "$before" "$record" | sha256sum | cut -c1-64)
  printf 'yizhan-sign-record-v1\n%s\n' "$before" >message
  jq -r '.[1]' <<<"$line" | base64 -d >signature
  { printf '302a300506032b6570032100%s' "$(jq -r '.[0].by' <<<"$line")" | xxd -r -p; } >key.der
  openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in message -sigfile signature >said 2>&1 ||
    fail "a signature does not hold: $line"
  ids="${ids:-} $before"
done <log.jsonl
is "ids as the program names them" true "$(yj v "[.history[].record] | all(. as \$r | \"$ids\" | contains(\$r))" case show "$n")"
