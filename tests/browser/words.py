"""The page says what the program says: where an English text of words.js is a message of the catalogue, its
Chinese is the same. Usage: words.py WORDS.js PO"""
import re
import sys

page, catalogue = (open(name, encoding="utf-8").read() for name in sys.argv[1:3])
messages = {}
for entry in catalogue.split("\n\n"):
    parts = [re.findall(rf'^{key} "(.*)"$', entry, re.M) for key in ("msgid", "msgstr")]
    if all(parts):
        messages[parts[0][0]] = parts[1][0]
words = re.findall(r"^  '([^'\n]+)': \['((?:[^'\\\n]|\\.)*)', '((?:[^'\\\n]|\\.)*)'\],$", page, re.M)
lines = len(re.findall(r"^  '", page, re.M))
same = [(name, chinese, english) for name, chinese, english in words if english in messages]
for name, chinese, english in same:
    if messages[english] != chinese:
        sys.exit(f"{name}: the page says {chinese}, the program {messages[english]} ({english})")
if len(words) != lines or len(words) < 150 or len(same) < 40:
    sys.exit(f"the test reads {len(words)} words of {lines}, {len(same)} of them the program's")
for name, chinese, english in words:
    if (re.search("[A-Za-z]", english.replace("%s", "")) and not re.search("[一-鿿]", chinese + english)) or chinese.count("%s") != english.count("%s"):
        sys.exit(f"{name} is not said in both languages: {chinese}, {english}")

print(f"{len(words)} words, {len(same)} of them the program's")
