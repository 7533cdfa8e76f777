"""A weak link before a server: link.py TARGET-PORT RULES SEED.

Says the port that it listens on. RULES is a file of words, read again whenever it changes:

    cut=BYTES     all connections are broken each time that so many bytes went over, both ways
    delay=MS      each way
    rate=BYTES    a second, both ways together
    stall=MS      now and then (about each 16 KiB) nothing goes for so long
    down          nobody is let in; who is in is thrown out
    silent        who comes in is let in and never answered
    to=PORT       who comes in is let to this one instead

Beside it, RULES.count says how many bytes went over, up and down, how often it was cut, and how many
are in.
"""
import asyncio
import os
import random
import sys

target, rules_file, seed = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
chance = random.Random(seed)
PIECE = 4096


class Link:
    def __init__(self):
        self.writers, self.count = set(), [0, 0, 0, 0]
        self.read_at, self.rules, self.left, self.free_at = None, {}, None, 0.0

    def look(self):
        at = os.stat(rules_file).st_mtime_ns
        if at == self.read_at:
            return
        words = open(rules_file).read().split()
        rules = dict((w.split("=") + ["1"])[:2] for w in words)
        self.read_at, self.rules = at, {k: int(v) for k, v in rules.items()}
        cut = self.rules.get("cut", 0)
        self.left = chance.randrange(1, cut + 1) if cut else None
        if "down" in self.rules:
            self.throw_out()

    def throw_out(self):
        for w in list(self.writers):
            w.transport.abort()

    def tell(self):
        with open(rules_file + ".count.new", "w") as f:
            f.write(" ".join(map(str, self.count)) + "\n")
        os.rename(rules_file + ".count.new", rules_file + ".count")

    async def let_through(self, piece, way):
        """How much of it goes over before the link breaks."""
        self.look()
        n = len(piece) if self.left is None else min(len(piece), self.left)
        self.count[way] += n
        rate, now = self.rules.get("rate", 0), asyncio.get_running_loop().time()
        if rate:
            self.free_at = max(self.free_at, now) + n / rate
            await asyncio.sleep(self.free_at - now)
        if "stall" in self.rules and chance.random() < n / 16384:
            await asyncio.sleep(self.rules["stall"] / 1000)
        if self.left is not None:
            self.left -= n
        return piece[:n]


link = Link()


async def carry(reader, writer, way):
    queue = asyncio.Queue(64)

    async def deliver():
        while (item := await queue.get()) is not None:
            at, piece = item
            await asyncio.sleep(max(0, at - asyncio.get_running_loop().time()))
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    out = asyncio.create_task(deliver())
    try:
        while piece := await reader.read(PIECE):
            went = await link.let_through(piece, way)
            if went:
                later = link.rules.get("delay", 0) / 1000
                await queue.put((asyncio.get_running_loop().time() + later, went))
            if link.left == 0:
                while not queue.empty():
                    await asyncio.sleep(0.001)
                link.count[2] += 1
                link.left = link.rules["cut"]
                link.throw_out()
                return
        await queue.put(None)
        await out
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        out.cancel()


async def let_in(reader, writer):
    link.look()
    link.writers.add(writer)
    link.count[3] += 1
    link.tell()
    there = None
    try:
        if "down" in link.rules:
            writer.transport.abort()
            return
        if "silent" in link.rules:
            while await reader.read(PIECE):
                pass
            return
        far, there = await asyncio.open_connection("127.0.0.1", link.rules.get("to", target))
        link.writers.add(there)
        await asyncio.gather(carry(reader, there, 0), carry(far, writer, 1))
    except OSError:
        pass
    finally:
        for w in (writer, there):
            if w is not None:
                link.writers.discard(w)
                w.close()
        link.count[3] -= 1
        link.tell()


async def main():
    link.look()
    link.tell()
    server = await asyncio.start_server(let_in, os.environ.get("LINK_HOST", "127.0.0.1"), 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        while True:
            await asyncio.sleep(0.2)
            link.look()


asyncio.run(main())
