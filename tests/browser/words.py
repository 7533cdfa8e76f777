"""The page says what the program says: where an English text of words_*.js is a message of the catalogue, its
Chinese is the same. No word is there twice, and what is said before someone is logged in is in words_page.js.
Usage: words.py PAGE PO"""
import pathlib
import re
import sys

page = "".join(file.read_text("utf-8") for file in sorted(pathlib.Path(sys.argv[1]).glob("words_*.js")))
catalogue = pathlib.Path(sys.argv[2]).read_text("utf-8")
messages = {}
for entry in catalogue.split("\n\n"):
    parts = [re.findall(rf'^{key} "(.*)"$', entry, re.M) for key in ("msgid", "msgstr")]
    if all(parts):
        messages[parts[0][0]] = parts[1][0]
words = re.findall(r"^  '([^'\n]+)': \['((?:[^'\\\n]|\\.)*)',\s+'((?:[^'\\\n]|\\.)*)'\],$", page, re.M)
lines = len(re.findall(r"^  '", page, re.M))
twice = {name for name, _, _ in words if sum(one == name for one, _, _ in words) > 1}
if twice:
    sys.exit(f"said twice: {twice}")
same = [(name, chinese, english) for name, chinese, english in words if english in messages]
for name, chinese, english in same:
    if messages[english] != chinese:
        sys.exit(f"{name}: the page says {chinese}, the program {messages[english]} ({english})")
if len(words) != lines or len(words) < 150 or len(same) < 40:
    sys.exit(f"the test reads {len(words)} words of {lines}, {len(same)} of them the program's")
for name, chinese, english in words:
    if (re.search("[A-Za-z]", english.replace("%s", "")) and not re.search("[一-鿿]", chinese + english)) or chinese.count("%s") != english.count("%s"):
        sys.exit(f"{name} is not said in both languages: {chinese}, {english}")

folder = pathlib.Path(sys.argv[1])
first = re.search(r"set\(page_first (.*?)\)", (folder / "files.cmake").read_text("utf-8"), re.S).group(1).split() + ["app.js"]
known = set(re.findall(r"^  '([^'\n]+)': ", (folder / "words_page.js").read_text("utf-8"), re.M))
said = {name[0] or name[1] for file in first for name in re.findall(r"\bt\('([^']+)'|\['[a-z]+', '([^']+)'\]", (folder / file).read_text("utf-8"))}
if len(said) < 20 or not said <= known:
    sys.exit(f"said first, and not in words_page.js: {said - known} of {len(said)}")
print(f"{len(words)} words, {len(same)} of them the program's")
