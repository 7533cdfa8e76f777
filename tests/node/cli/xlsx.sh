#!/bin/bash
# A spreadsheet's file says of each case what CSV says, cell by cell, and nothing in it can run.
. "$(dirname "$0")/../../harness/script.sh"

y v init --village '示例村 Sample' --code SL --worker Ben >said
y v case open --title '=HYPERLINK("http://evil.example","x")' --text '+1+1' --resident '@SUM(1)' --category '-2' >said
y v case open --title '<b>&amp;]]> "quoted", commas' --text $'two\nlines\tand a tab' --resident '𠮷田' --place $'\uFFFE\uFFFF' >said
y v case open --title '＝1+1' --text '＋1' --resident '－1' --category '＠SUM(1)' >said
y v case open --title 'lines' --text $'\n=1+1' >said
# More than a cell has room for; with characters that Excel counts twice.
y v case open --title long --text "$("$YIZHAN_PYTHON" -c 'print("x" * 40000)')" >said
y v case open --title wide --text "$("$YIZHAN_PYTHON" -c 'print("𠮷" * 16000 + "y" * 1000)')" >said
y v export --format csv >cases.csv
y v export --format xlsx >cases.xlsx
is "nothing is left of it" "" "$(find v -newer cases.csv -type f ! -name 'yizhan.db*' ! -name lock ! -name reserve)"
"$YIZHAN_PYTHON" - "$YIZHAN_SOURCE_DIR/tests/node" <<'END' || fail "they differ"
import csv, sys
sys.path.insert(0, sys.argv[1])
import xlsx
rows, table = xlsx.read("cases.xlsx"), list(csv.reader(open("cases.csv", newline="", encoding="utf-8")))
text = {row[table[0].index("title")]: row for row in table}
assert {"'＝1+1", "'＋1", "'－1", "'＠SUM(1)"} <= set(text["'＝1+1"]), text["'＝1+1"]
assert not [cell for row in table for cell in row if cell[:1] in tuple("=+-@＝＋－＠\t\r\n")], table
assert len(rows) == len(table) == 7, (len(rows), len(table))
for ours, theirs in zip(rows, table):
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs):
        plain = b[1:] if b[:1] == "'" and b[1:2] in tuple("=+-@＝＋－＠\t\r\n") else b
        plain = plain.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
        if len(plain.encode("utf-16-le")) > 2 * 32767:
            assert a.endswith("…") and len(a.encode("utf-16-le")) <= 2 * 32767 and plain.startswith(a[:-1]) and len(a) > 16000, a[-9:]
        else:
            assert a == plain, (a, plain)
print("the same,", len(rows), "rows")
END
echo "a spreadsheet says what CSV says"
