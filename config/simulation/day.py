"""A day in the district: events all over, people who handle them, one big screen that watches."""

import heapq
import itertools
import time
from collections import Counter

from config.simulation.door import Failed, Person, wait
from config.simulation.life import Life, phrases
from config.simulation.screen import Screen
from config.simulation.stage import Stage, rng_of

DAY = 24 * 3600
# Reports an hour, from midnight: few at night, most before noon and in the late afternoon.
HOURS = (1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 8, 6, 6, 8, 9, 10, 10, 9, 8, 6, 5, 3, 2)
# After so many failures the rest would tell nothing new.
MANY = 20
SCREEN_SECONDS = 10


class Day:
    """`events` events in one day; `speed` simulated seconds pass in one real second."""

    def __init__(self, door, out, events, speed, seed):
        self.door, self.out, self.speed, self.total = door, out, speed, events
        self.rng = rng_of(seed)
        self.tally, self.failures = Counter(), []
        self.seconds, self.shown = [], []
        self._people = {}
        self.stage = Stage(self.person("dispatcher"), self.rng)
        self._screen = Screen(self.person("supervisor"), ("area:440104",))

    def person(self, username):
        """The person with that account, signed in once."""
        return self._people.setdefault(username, Person(self.door, username))

    def accepted(self, event, began):
        """A report was accepted; note how long that took, and when the big screen had it."""
        self.seconds.append(time.monotonic() - began)
        self.tally["reports"] += 1
        if not event["area"]:
            self.tally["unplaced"] += 1
        at = self._screen.wait_for(event["number"], 1, SCREEN_SECONDS)
        if at is None:
            raise Failed(f"{event['number']} 没有到达区级大屏")
        self.shown.append(at - began)

    def run(self):
        """Play to the end; what fails is noted, and the play goes on without that event."""
        order = itertools.count()
        agenda = [(at, next(order), steps) for at, steps in self._births()]
        heapq.heapify(agenda)
        first, began = agenda[0][0], time.monotonic()
        while agenda:
            at, _order, steps = heapq.heappop(agenda)
            wait(max(0, began + (at - first) / self.speed - time.monotonic()))
            try:
                pause = next(steps, None)
            except Failed as failure:
                self.failures.append(str(failure))
                if len(self.failures) >= MANY:
                    break
                continue
            if pause is not None:
                heapq.heappush(agenda, (at + pause, next(order), steps))
            self._progress(at)
        if self.out.isatty():
            self.out.write("")

    def _births(self):
        table = phrases()
        weights = [int(phrase["weight"]) for phrase in table]
        for phrase in self.rng.choices(table, weights, k=self.total):
            hour = self.rng.choices(range(24), HOURS)[0]
            yield hour * 3600 + self.rng.uniform(0, 3600), Life(self, phrase).steps()

    def _progress(self, at):
        line = (
            f"{int(at // 3600) % 24:02d}:{int(at % 3600 // 60):02d}  上报 {self.tally['reports']}"
            f"/{self.total}  签收 {self.tally['claim']}  办结 {self.tally['complete']}"
            f"  结案 {self.tally['closed']}  失败 {len(self.failures)}"
        )
        if self.out.isatty():
            self.out.write(f"\r{line}", ending="")
        elif self.tally["reports"] * 10 // self.total > self.tally["tenths"]:
            self.tally["tenths"] = self.tally["reports"] * 10 // self.total
            self.out.write(line)

    def summary(self):
        """Say what happened; raises Failed when anything did not work."""
        tally, say = self.tally, self.out.write
        today = self.person("supervisor").get("stats/today/")
        say(f"上报 {tally['reports']}（照片 {tally['photos']} 张，未能定位 {tally['unplaced']}）")
        say(
            f"签收 {tally['claim']}，协办签收 {tally['support_claim']}，到场 {tally['arrive']}，"
            f"办结 {tally['complete']}，结案 {tally['closed']}，返工 {tally['rework']}"
        )
        say(
            f"退回 {tally['return']}，转派 {tally['transfer']}，吹哨 {tally['request_support']}，"
            f"催办 {tally['urge']}，督办 {tally['supervise']}，作废 {tally['cancel']}"
        )
        say(f"请求 {self.door.requests} 次；受理用时 {_spread(self.seconds)}")
        say(f"从上报到区级大屏 {_spread(self.shown)}")
        say(
            f"今日全区：上报 {today['reported']}，在办 {today['open']}，待签收 {today['unclaimed']}"
        )
        if self.failures:
            shown = "\n  ".join(self.failures[:5])
            raise Failed(f"{len(self.failures)} 处没有按预期进行：\n  {shown}")

    def close(self):
        """Switch the big screen off."""
        self._screen.close()


def play(door, out, events, speed, seed):
    """Play a day and say what happened; raises Failed when the platform failed."""
    day = Day(door, out, events, speed, seed)
    try:
        day.run()
        day.summary()
    finally:
        day.close()


def _spread(seconds):
    if not seconds:
        return "—"
    ranked = sorted(seconds)
    half, most = ranked[len(ranked) // 2], ranked[int(len(ranked) * 0.95)]
    return f"中位 {half * 1000:.0f} 毫秒、95% 在 {most * 1000:.0f} 毫秒内"
