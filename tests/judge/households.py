"""Households and visits: sync/FORMAT.md §14, "Households"."""
DAY_MS = 86400 * 1000
ENDED = {"refused", "closed", "merged", "void"}
FIELDS = ["name", "place", "phone", "note", "people"]


UNSEEN = {*map(chr, range(0x21)), "\u00a0", *map(chr, range(0x2000, 0x2010)), *"\u202f\u205f\u2060\u3000\ufeff"}


def folded(text):
    """A name as it is compared."""
    seen = (c for c in text or "" if c not in UNSEEN and not "\u0300" <= c <= "\u036f")
    narrow = (chr(ord(c) - 0xfee0) if "\uff01" <= c <= "\uff5e" else c for c in seen)
    return "".join(c.lower() if c.isascii() else c for c in narrow) or None


class Household:
    def __init__(self, add, edits, visits, cases):
        self.id, self.visits = add.id, visits
        writes = [add, *sorted(edits, key=lambda r: (r.stamp, r.id))]
        # What added it is a write as any other.
        writes.sort(key=lambda r: (r.stamp, r.id))
        self.fields = dict.fromkeys(FIELDS)
        self.gone = False
        for r in writes:
            said = (r.content or {}) if r is add else (r.content or {}).get("fields", {})
            self.fields.update(said)
            if r.gone is not None:
                self.gone = r.gone
        mine = [c for c in cases if folded(c.fields["household"]) == folded(self.fields["name"]) is not None]
        self.cases = sorted(c.id for c in mine)
        self.open_cases = sum(c.state not in ENDED for c in mine)
        self.times = [r.at for r in visits] + [c.records[p].at for c in mine for p in c.applied if c.moves[p] == "visit"]
        self.last_visit = max(self.times, default=None)

    def not_visited(self, days, now_ms):
        return self.last_visit is None or self.last_visit < now_ms - days * DAY_MS


def households(logs, cases):
    """Those of one ledger, by id. Of a case that was opened in another village's ledger the household is of that."""
    records = [r for log in logs for r in log.records if r.counts and r.type.startswith("household.")]
    of = {}
    for r in records:
        of.setdefault(r.household, {}).setdefault(r.type, []).append(r)
    here = [c for c in cases if c.opening and (not c.opening.carried or c.opening.log.hub)]
    return {r.id: Household(r, of.get(r.id, {}).get("household.edit", []), of.get(r.id, {}).get("household.visit", []), here)
            for r in records if r.type == "household.add"}
