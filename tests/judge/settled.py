"""What the township settles: sync/FORMAT.md §14, "What the township settles". Dates, working days."""
import datetime

DEFAULT = {"zone": "+08:00", "accept": 1, "ordinary": [5, 5], "complex": [15, 15], "petition": [60, 30], "offices": [],
           "categories": []}
NAMES = ("offices", "categories")


def offset(zone):
    """"-03:30" as a span."""
    hours, minutes = zone[1:].split(":")
    return int(zone[0] + "1") * datetime.timedelta(hours=int(hours), minutes=int(minutes))


def date(ms, zone):
    """The day in a zone."""
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=ms) + offset(zone)).date()


def midnight(day, zone):
    """24:00 of that day, ms since 1970."""
    end = datetime.datetime(day.year, day.month, day.day) + datetime.timedelta(days=1) - offset(zone)
    return (end - datetime.datetime(1970, 1, 1)) // datetime.timedelta(milliseconds=1)


class Settled:
    """What holds in one ledger."""

    def __init__(self, logs):
        said = sorted((r for log in logs if log.hub for r in log.records if r.counts and r.type in
                       ("hub.settings", "hub.holiday")), key=lambda r: r.place_at_hub)
        self.days = {}
        self.policies = [(float("-inf"), DEFAULT)]
        for r in said:
            if r.type == "hub.holiday":
                self.days[datetime.date.fromisoformat(r.date)] = r.off
            else:
                now = {**self.policies[-1][1], **{k: v for k, v in r.own.items() if k in DEFAULT}}
                if r.content:
                    now |= {name: r.content.get(name, []) for name in NAMES}
                self.policies.append((r.at, now))

    def at(self, stamp):
        return [p for since, p in self.policies if since <= stamp[0]][-1]

    @property
    def zone(self):
        return self.policies[-1][1]["zone"]

    @property
    def offices(self):
        return self.policies[-1][1]["offices"]

    def works(self, day):
        return not self.days[day] if day in self.days else day.weekday() < 5

    def spoken_of(self, year):
        return any(day.year == year for day in self.days)
