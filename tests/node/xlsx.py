"""Reads the first sheet of an XLSX file, by nothing but zip and XML: rows of texts and numbers. Anything that a
spreadsheet would run, fetch or open is a failure. As a program: xlsx.py FILE prints them as JSON."""
import json
import re
import sys
import xml.etree.ElementTree as xml
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def column(ref):
    n = 0
    for letter in re.match("[A-Z]+", ref)[0]:
        n = n * 26 + ord(letter) - 64
    return n - 1


def read(file):
    with zipfile.ZipFile(file) as z:
        assert z.testzip() is None, "a part is damaged"
        names = z.namelist()
        for name in names:
            if name.endswith((".xml", ".rels")):
                xml.fromstring(z.read(name))
        assert not [n for n in names if re.search("vba|external|macro|embed|hyperlink", n, re.I)], names
        shared = [] if "xl/sharedStrings.xml" not in names else ["".join(t.text or "" for t in si.iter(MAIN + "t")) for si in xml.fromstring(z.read("xl/sharedStrings.xml"))]
        sheet = xml.fromstring(z.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(MAIN + "f")), "a formula"
    rows = []
    for row in sheet.iter(MAIN + "row"):
        cells = []
        for c in row.iter(MAIN + "c"):
            value = c.find(MAIN + "v")
            text = "".join(t.text or "" for t in c.iter(MAIN + "t"))
            if c.get("t") == "s":
                text = shared[int(value.text)]
            cells += [""] * (column(c.get("r")) + 1 - len(cells))
            cells[-1] = text if c.get("t") in ("s", "inlineStr") else float(value.text) if value is not None else ""
        rows.append(cells)
    width = max(map(len, rows), default=0)
    return [cells + [""] * (width - len(cells)) for cells in rows]


if __name__ == "__main__":
    json.dump(read(sys.argv[1]), sys.stdout, ensure_ascii=False)
