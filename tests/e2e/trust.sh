#!/bin/bash
# Who may sign: workers added without a road, granted, revoked, released; passphrases;
# a village that worked alone and joins.
. "$(dirname "$0")/lib.sh"

state() { yj "$1" "[.[] | select(.worker == \"$2\") | .state] | first" worker list; }
effects() { yj "$1" '[.history[] | select(.type == "case.note") | .effect] | join(" ")' case show "$2"; }

township 2
visit v1 v2
opens v1 旧事 >first
visit v1
is "the first worker" granted "$(state v1 干部1)"

# Added without a road: counts at home at once, waits at the hub until granted.
y v1 worker add 新人 >said
is "added offline" awaiting "$(state v1 新人)"
exits 1 y v1 case note "$(cat first)" --text 谁写的
y v1 --as 新人 case note "$(cat first)" --text 新人一记 >said
is "at home at once" applied "$(effects v1 "$(cat first)")"
visit v1
is "not yet at the hub" "" "$(effects hub "$(cat first)")"
is "waiting there" 1 "$(yj v1 .waiting status)"
is "asked for at the hub" awaiting "$(yj hub '.[] | select(.worker == "新人") | .state' hub roster list)"
y hub hub roster grant 村1 新人 >said
visit v1
well v1 V1
is "granted" granted "$(state v1 新人)"
is "accepted at the hub" applied "$(effects hub "$(cat first)")"

# Revoked: what came before counts everywhere, what is written later nowhere.
y v1 --as 新人 case note "$(cat first)" --text 撤销前所记 >said
visit v1
y v1 --as 新人 case note "$(cat first)" --text 撤销后才到 >said
y hub hub roster revoke 村1 新人 >said
visit v1
visit v1
is "before counts at the hub" "applied applied" "$(effects hub "$(cat first)")"
is "and at home" "applied applied" "$(effects v1 "$(cat first)")"
is "revoked" revoked "$(state v1 新人)"
exits 1 y v1 --as 新人 case note "$(cat first)" --text 再记
is "kept apart" author.revoked "$(rules V1)"
clean hub v1

# Someone decides that the late one counts after all.
y hub hub quarantine release "$(yj hub '.[0].number' hub quarantine list)" >said
visit v1
is "released at the hub" "applied applied applied" "$(effects hub "$(cat first)")"
is "and at home" "applied applied applied" "$(effects v1 "$(cat first)")"
is "state of the entry" true "$(yj hub '.[0].released' hub quarantine list)"
YIZHAN_WORKER=干部1 well v1 V1
clean hub v1
before=$(yj hub .records verify)
is "released once more" true "$(yj hub .already hub quarantine release 1)"
is "and nothing written" "$before" "$(yj hub .records verify)"

# Passphrases: a file, the environment, a wrong one.
printf '山高水长\n' >right
printf '山高水短\n' >wrong
y v2 worker passwd 干部2 --new-passphrase-file right >said
is "locked" passphrase "$(yj v2 .keys status)"
exits 1 y v2 --passphrase-file wrong case open --title 锁着 --text 锁着
grep -qi passphrase said || fail "no word of the passphrase: $(cat said)"
exits 1 y v2 case open --title 锁着 --text 锁着 </dev/null
is "nothing was opened" 0 "$(yj v2 .cases status)"
y v2 --passphrase-file right case open --title 开了 --text 文件 >said
YIZHAN_PASSPHRASE_FILE=right y v2 case open --title 又开 --text 环境 >said
visit v2
well v2 V2
! grep -qa '山高水长' v2/yizhan.db* || fail "the passphrase lies in the store"

# A village that worked alone joins; every record keeps its id.
y alone init --village 独村 --code DC --worker 老田 >said
opens alone 独自之事 >lone
y alone case note "$(cat lone)" --text 独自所记 >said
yj alone '.[].id' case list >lone.ids
sqlite3 alone/yizhan.db "SELECT lower(hex(id)) FROM record ORDER BY id" >records.before
exits 1 y alone sync
y hub hub invite --village 独村 --code DC -o dc.json >said
y alone join dc.json >said
opens alone 入网之后 >after
visit alone
visit alone
well alone DC
is "the case's id at the hub" "$(cat lone.ids)" "$(yj hub ".[] | select(.case == \"$(cat lone)\") | .id" case list --limit 0)"
sqlite3 alone/yizhan.db "SELECT lower(hex(id)) FROM record ORDER BY id" >records.after
sqlite3 hub/yizhan.db "SELECT lower(hex(id)) FROM record ORDER BY id" >records.hub
is "records lost by joining" "" "$(comm -23 records.before records.after)"
is "records that the hub lacks" "" "$(comm -23 records.before records.hub)"
y hub case resolve "$(cat lone)" --text township >said
visit alone
is "answered" resolved "$(yj alone .state case show "$(cat lone)")"
clean hub alone v1 v2
signed hub/ledgers/DC.git hub
echo "who may sign does, and nobody else"
