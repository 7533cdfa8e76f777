"""Until when a case must be answered and resolved: sync/FORMAT.md §14, day by day.
"""
import datetime

from settled import date, midnight

DAY = datetime.timedelta(days=1)


def rests(pauses, day):
    """At the end of that day; pauses are from a day to a day, None where they go on."""
    return any(begin <= day and (end is None or end > day) for begin, end in pauses)


def held(pauses, day):
    """Does a pause that began on an earlier day reach into that day?"""
    return any(begin < day and (end is None or end >= day) for begin, end in pauses)


def due(settled, zone, begin_ms, days, calendar_days, pauses, end_ms):
    """(ms, the day it hangs on); ms None where the case rests for good before."""
    pauses = [(date(begin, zone), None if end is None else date(end, zone)) for begin, end in pauses
              if end_ms is None or begin <= end_ms]
    day, counted, first = date(begin_ms, zone), 0, None
    while True:
        day += DAY
        first = first or (day if settled.works(day) else None)
        if (settled.works(day) or calendar_days and first) and not held(pauses, day):
            counted += 1
        if counted >= days and not rests(pauses, day):
            return midnight(day, zone), first if calendar_days else day
        if any(end is None and begin <= day for begin, end in pauses):
            return None, day


class Deadline:
    """What is due of a case, and what was not kept."""

    def __init__(self, case, settled):
        self.due = self.of = None
        self.provisional, self.breaches = False, 0
        self.answered, self.rounds, pauses = case.times()
        self.late_rounds = 0
        self.answer_due = self.resolve_due = None
        if not self.rounds or case.opening.history:
            return
        petition = case.fields["class"] == "petition"
        first = self.rounds[0]
        policy = settled.at(first[3])
        self.answer_due, hangs = due(settled, policy["zone"], first[0], policy["accept"], False, pauses, self.answered)
        self.breaches += self.late(self.answered, self.answer_due)
        begin = first[0]
        if self.answered is None and len(self.rounds) == 1:
            self.due, self.of = self.answer_due, "answer"
        for begin, end, extension, stamp in self.rounds:
            policy = settled.at(stamp)
            days = policy[case.fields["class"]][0] + extension
            self.resolve_due, day = due(settled, policy["zone"], begin, days, petition, pauses, end)
            self.late_rounds += self.late(end, self.resolve_due)
        self.breaches += self.late_rounds
        if self.of is None:
            self.due, self.of, hangs = self.resolve_due, "resolve", day
        if self.rounds[-1][1] is not None:
            self.due = None
        if self.due is None:
            self.of = None
            return
        years = range((date(begin, policy["zone"]) + DAY).year, hangs.year + 1)
        self.provisional = not all(settled.spoken_of(year) for year in years)

    @staticmethod
    def late(when, due_ms):
        return when is not None and due_ms is not None and when >= due_ms

    def overdue(self, now_ms):
        return self.due is not None and now_ms >= self.due
