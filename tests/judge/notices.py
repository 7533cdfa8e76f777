"""Notices and who has received them: sync/FORMAT.md §14, "Notices", and the acknowledgements of §8."""
import json
import pathlib
import subprocess


def git(repository, *args):
    return subprocess.run(["git", "-C", repository, *args], capture_output=True, text=True).stdout


def acknowledgements(dir):
    """What stands in a hub's ledgers: log -> its acknowledgement."""
    acks = {}
    for repository in pathlib.Path(dir).glob("ledgers/*.git"):
        for ref in git(repository, "for-each-ref", "--format=%(refname)", "refs/heads/log/").split():
            line = git(repository, "show", f"{ref}:ack.json")
            if line:
                acks[ref.rsplit("/", 1)[1]] = json.loads(line)[0]
    return acks


class Notice:
    def __init__(self, posted):
        self.posted = posted  # its records, one in each ledger
        first = min((r for r in posted if r.content), key=lambda r: (r.at, r.id))
        self.at, self.title, self.text = first.at, first.content["title"], first.content["text"]

    def received(self, acks, nodes):
        """The ledgers in which a node that is still entitled has it."""
        got = {}
        for r in self.posted:
            got[r.log.ledger] = any(
                ack["heads"].get(r.log.id, [0])[0] >= r.seq
                and not any(e[0] == r.seq for e in ack["except"].get(r.log.id, []))
                for log, ack in acks.items() if log in nodes[r.log.ledger])
        return got


def notices(logs):
    """Those of all ledgers of a node, by id."""
    posted = {}
    for log in logs:
        for r in log.records:
            if r.type == "notice.post" and r.counts and log.hub:
                posted.setdefault(r.notice, []).append(r)
    return {id: Notice(records) for id, records in posted.items() if any(r.content for r in records)}
