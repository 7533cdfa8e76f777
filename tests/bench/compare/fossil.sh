# shellcheck shell=bash
# Fossil, for compare.sh: a ticket a record.
export USER=x FOSSIL_HOME=$PWD
tickets() { # REPOSITORY ROWS
  local title
  while read -r title; do
    read -r text
    fossil ticket add title "$title" comment "$text" -R "$1" >/dev/null
  done < <(jq -r '(.title | gsub("\n"; " ")), (.text | gsub("\n"; " "))' "$2")
}
project() { fossil sql -R "$1" "SELECT value FROM config WHERE name='project-code'" | tr -d "'"; }
# of_project REPOSITORY CODE: one that has the project and none of its tickets; anyone may push to it.
of_project() {
  fossil init --admin-user x "$1" >/dev/null
  fossil sql -R "$1" "UPDATE config SET value='$2' WHERE name='project-code'" >/dev/null
  fossil user capabilities nobody cghijknorswxyz -R "$1" >/dev/null 2>&1
}
serve_fossil() { # REPOSITORY: at $port
  fossil server --port 18990 "$1" >fossil.said 2>&1 & # that port, or the next that is free
  server=$!
  for _ in $(seq 100); do grep -q 'port' fossil.said && break; sleep 0.1; done
  port=$(grep -o 'port [0-9]*' fossil.said | grep -o '[0-9]*')
}
end_fossil() {
  kill "$server"
  wait "$server" || true
  unset server
}
wire() { grep -o 'wire bytes sent: [0-9]* *received: [0-9]*' said | tail -1 | grep -o '[0-9]*' | jq -s add; }
turns() { tr '\r' '\n' <said | grep -o 'Round-trips: [0-9]*' | tail -1 | grep -o '[0-9]*'; }

fossil init --admin-user x village.fossil >/dev/null
their_made=$(seconds tickets village.fossil rows.jsonl)
faster 'records made one by one, durably' records/s Fossil "$our_rate" "$(calc "$records / $their_made")"
code=$(project village.fossil)
of_project empty.fossil "$code"
serve_fossil empty.fossil
ahead 'a server, idle: memory' MB Fossil "$our_idle" "$(resident "$server")"
their_first=$(seconds fossil sync "http://127.0.0.1:$port/" -R village.fossil --once)
their_bytes=$(wire)
ahead 'first sync' s Fossil "$our_first" "$their_first"
ahead 'first sync' MB Fossil "$(calc "$our_bytes / 1e6")" "$(calc "$their_bytes / 1e6")"
tickets village.fossil <(head -n1 rows.jsonl)
their_one=$(seconds fossil sync "http://127.0.0.1:$port/" -R village.fossil --once)
ahead 'one more record, many behind it' s Fossil "$our_one" "$their_one"
ahead 'one more record, many behind it' 'kB of HTTP' Fossil "$(calc "$our_one_bytes / 1e3")" "$(calc "$(wire) / 1e3")"
ahead 'one more record, many behind it' turns Fossil "$our_one_turns" "$(turns)"
end_fossil
their_out=$(seconds fossil clone village.fossil stick.fossil)
of_project reader.fossil "$code"
their_in=$(seconds fossil pull "file://$PWD/stick.fossil" -R reader.fossil --once)
ahead 'a stick, written' s Fossil "$our_out" "$their_out"
ahead 'a stick, taken in' s Fossil "$our_in" "$their_in"
ahead 'a stick' MB Fossil "$(calc "$our_stick / 1e6")" "$(calc "$(stat -c %s stick.fossil) / 1e6")"

of_project hub.fossil "$code"
for v in $(seq "$villages"); do
  of_project "v$v.fossil" "$code"
  tickets "v$v.fossil" "village$v.jsonl"
done
serve_fossil hub.fossil
synced_with_hub() {
  local v
  for v in $(seq "$villages"); do fossil push "http://127.0.0.1:$port/" -R "v$v.fossil" --once; done
}
ahead "$villages villages of $each to one hub" s Fossil "$our_villages" "$(seconds synced_with_hub)"
end_fossil
rm -rf ./*.fossil* ./fossil.said
