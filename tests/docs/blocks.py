"""Takes the fenced blocks of a page apart.

    blocks.py PAGE FOLDER    writes each block, by its number and the word after its fence, as
                             FOLDER/NNN.WORD; blocks without a word are left out. With "WORD NAME"
                             after the fence the block is also FOLDER/NAME.
"""
import pathlib
import re
import sys

page, folder = pathlib.Path(sys.argv[1]).read_text(), pathlib.Path(sys.argv[2])
for n, (word, name, text) in enumerate(re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", page, re.M | re.S)):
    (folder / f"{n:03}.{word}").write_text(text)
    if name:
        (folder / pathlib.PurePath(name).name).write_text(text)
