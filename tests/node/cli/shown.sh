#!/bin/bash
# What people read of a case, word for word, in both languages; and what they are told at once.
. "$(dirname "$0")/../../harness/script.sh"

"$YIZHAN" init --village 石桥村 --code QS3 --worker 王五 --dir v >said
grep -x 'Without a passphrase, anyone at this PC can sign and read.' said >found || fail "keys: $(cat said)"
n=$(y v case open --title 路灯 --text 灯坏了 --category 设施 --resident 张三 --phone 555 --household 张家 \
  --place 村口 --at '2026-03-02 08:00')
y v case extend "$n" --days 3 --reason 等料 >said
y v case edit "$n" --phone '' --class complex >said
y v case resolve "$n" --text 换了灯 --at '2026-03-03 09:30' >said
y v case followup "$n" --result partly --solved no --text 太暗 >said
y v case close "$n" --reason 先这样 >said
shown() { y v --lang "$1" case show "$2" | sed -E 's/^20[0-9-]+ [0-9:]+  王五  /*  /'; }
shown en "$n" >english
diff - english <<END || fail "what is shown of a case, in English"
$n  路灯
Opened: 2026-03-02 08:00
State: closed
Class: complex
Category: 设施
Place: 村口
Resident: 张三
Household: 张家

  灯坏了

*  opened
*  given more days
  days: 3
  等料
*  corrected
  Telephone: (nothing)
  Class: complex
*  resolved
  换了灯
*  followed up
  partly satisfied, not solved
  太暗
*  closed
  先这样
END
shown zh "$n" >chinese
diff - chinese <<END || fail "what is shown of a case, in Chinese"
$n  路灯
登记时间：2026-03-02 08:00
状态：已归档
时限类别：复杂
类别：设施
地点：村口
居民：张三
家庭（户）：张家

  灯坏了

*  登记
*  延期
  天数：3
  等料
*  更正
  电话：（无）
  时限类别：复杂
*  已办结
  换了灯
*  已回访
  部分满意、未解决
  太暗
*  已归档
  先这样
END

# Who is sent elsewhere is told where to; who could not be asked is said to be so.
r=$(y v case open --title 砍树)
y v case refuse "$r" --reason 私人的树 --turn-to 林业站 >said
shown en "$r" >said
grep -x '  the right one to turn to: 林业站' said >found || fail "$(cat said)"
a=$(y v case solve --title 证明 --done 开了 --anonymous)
y v case close "$a" --no-follow-up >said
shown zh "$a" >said
grep -x '  免回访：无人可以回访。' said >found || fail "$(cat said)"

# Of lists that are empty, and of an option that stands twice, of which one would be lost.
is "an empty list" 没有符合条件的诉求。 "$(y v --lang zh case list --status returned)"
is "no household" 没有符合条件的户。 "$(y v --lang zh household list)"
exits 2 y v case note "$a" --text 一 --text 二
grep 'text: This option stands here twice' said >found || fail "$(cat said)"
