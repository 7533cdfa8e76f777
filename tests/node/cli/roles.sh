#!/bin/bash
# Roles of the hub's workers: given by an administrator, the same in every ledger, also in those
# made later; an auditor reads and writes nothing on cases.
. "$(dirname "$0")/../../e2e/lib.sh"

roles() { sqlite3 hub/yizhan.db "SELECT DISTINCT code FROM ledger" >codes
  while read -r code; do yj hub "map(select(.worker == \"$1\"))[0].roles | sort | join(\" \")" hub roster list; done <codes | sort -u; }

township 1
y hub worker add 办事员 >said
is "a clerk" clerk "$(roles 办事员)"
exits 1 y hub --as 办事员 hub roster grant QSZ 办事员 --role administrator
exits 2 y hub --as worker hub roster grant QSZ 办事员
exits 2 y hub --as worker hub roster grant V1 干部1 --role head
exits 2 y v1 worker add 某 --role head
exits 2 y hub --as worker hub roster grant QSZ 办事员 --role king
exits 1 y hub --as worker hub roster grant QSZ 无此人 --role head
is "given" "clerk head" "$(yj hub '.roles | sort | join(" ")' --as worker hub roster grant qsz 办事员 --role head)"
is "given again" true "$(yj hub .already --as worker hub roster grant QSZ 办事员 --role head)"
y hub --as worker worker add 审计员 --role auditor >said
is "an auditor" auditor "$(roles 审计员)"

# A ledger that is made later has the same; each village sees so.
village 2
for ledger in V1 V2; do
  log=$(sqlite3 hub/yizhan.db "SELECT l.n FROM log l JOIN ledger d ON d.id=l.ledger WHERE d.code='$ledger' AND l.hub=1")
  is "in $ledger" "administrator,auditor,clerk,head auditor clerk,head" "$(sqlite3 hub/yizhan.db \
    "SELECT (SELECT group_concat(r0, ',') FROM (SELECT DISTINCT j.value AS r0 FROM record r, json_each(r.line, '\$[0].roles') j WHERE r.log=$log AND r.type='worker.add' AND json_extract(r.line, '\$[0].worker')=w.k ORDER BY r0))
     FROM (SELECT DISTINCT json_extract(line, '\$[0].worker') AS k FROM record WHERE log=$log AND type='worker.add') w ORDER BY 1" | tr '\n' ' ' | sed 's/ $//')"
done
visit v1 v2
number=$(opens v2 看)
visit v2
exits 1 y hub --as 审计员 case note "$number" --text 查
grep -q 'An auditor reads' said || fail "said: $(cat said)"
exits 1 y hub --as 审计员 case resolve "$number" --text 查
exits 1 y hub --as 审计员 hub roster revoke V2 干部2
exits 1 y hub --as 审计员 notice post --title 查 --text 查
grep -q 'An auditor reads' said || fail "said: $(cat said)"
exits 1 y hub --as 审计员 household add 查户 --village V2
grep -q 'An auditor reads' said || fail "said: $(cat said)"
is "nothing came of it" "0 0" "$(yj hub length notice list) $(yj hub length household list)"
is "reads" 看 "$(yj hub .title --as 审计员 case show "$number")"
y hub --as 办事员 case note "$number" --text 办 >said
y hub --as worker hub roster grant 青山镇 审计员 --role clerk >said
y hub --as 审计员 case note "$number" --text 兼 >said
is "both" "auditor clerk" "$(roles 审计员)"
y hub hub roster list >said
grep -q 'auditor' said || fail "people are not told the roles"
is "the hub's own alone" "$(yj hub 'map(select(.code == "QSZ")) | length' hub roster list)" \
  "$(yj hub length hub roster list --village QSZ)"

# An administrator so made can do what the first one could; then the first may leave.
exits 1 y hub --as worker worker revoke worker
y hub --as worker hub roster grant QSZ 办事员 --role administrator >said
y hub --as 办事员 hub invite --village 村3 --code V3 -o v3.json >said
y hub --as 办事员 worker revoke worker >said
y hub --as 办事员 worker add 新人 --role head >said
visit v1 v2
clean hub v1 v2
echo "roles are given, and are the same everywhere"
