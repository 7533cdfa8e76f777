# shellcheck shell=bash
# The first sync of a village's cases: bytes against its words packed by gzip and 96
# bytes a record; time, until the receipt is here, against git push of the same text.
records=$(size 10000 200)
cases "$records" 3 first.jsonl
jq -r '.title + "\n" + .text' first.jsonl >first.words
least=$(calc "$(gzip -6 <first.words | wc -c) + 96 * $records")

# text REPOSITORY: the same text, one file and one commit a record, as git fast-import makes it.
text() {
  git init -q --bare "$1"
  jq -r --arg date '1700000000 +0800' '
    "commit refs/heads/main\ncommitter x <x> \($date)\ndata 0\nM 644 inline \(input_line_number % 100)/\(input_line_number)\n" +
    (.title + "\n" + .text | "data \(utf8bytelength)\n\(.)")' first.jsonl | git -C "$1" fast-import --quiet
}
for round in $(seq "$(size 3 1)"); do
  township hub v
  y v case import first.jsonl >/dev/null
  from=$EPOCHREALTIME
  y v --json sync >sync.json
  y hub hub ingest >/dev/null
  y v sync >/dev/null
  calc "$EPOCHREALTIME - $from" >>sync.measured
  jq .bytes_up sync.json >>sync.bytes
  [ "$(y v --json status | jq .pending)" = 0 ]
  text text.git
  git init -q --bare other.git
  seconds git -C text.git push -q ../other.git main >>sync.floor
  rm -rf hub v hub.invitation text.git other.git
done
measured=$(median <sync.measured) floor=$(median <sync.floor) bytes=$(median <sync.bytes)
figure 'first sync, bytes' MB "$(calc "$bytes / 1e6")" "$(calc "$least / 1e6")" "$(calc "$bytes / $least")" \
  '<= 1.3' "$(calc "$bytes / $least")"
figure 'first sync, received and receipted' s "$measured" "$floor" "$(calc "$measured / $floor")" \
  '<= 1.0' "$(calc "$measured / $floor")"
rm sync.*
