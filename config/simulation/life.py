"""The life of one simulated event, as a generator that yields the seconds until its next step."""

import csv
import time
import uuid
from pathlib import Path

from config.demo.people import officer_of, slugs
from config.simulation.picture import street as picture

PHRASES = Path(__file__).resolve().parent / "data" / "phrases.csv"
# How often a life takes a turn, of one.
TURNS = {
    "forgotten": 0.05,
    "withdrawn": 0.03,
    "urged": 0.08,
    "returned": 0.06,
    "transferred": 0.04,
    "supported": 0.06,
    "supervised": 0.03,
    "reworked": 0.06,
    "unfinished": 0.06,
}
WORDS = (
    "已派人前往。",
    "预计五分钟到场。",
    "现场已拉起警戒线。",
    "请附近网格员协助疏导。",
    "已联系当事人。",
    "情况属实，正在处理。",
)


def phrases():
    """[{category, weight, report, done}]."""
    with PHRASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Life:
    """One event from report to close. `play` lends it people, dice, the stage and the tally."""

    def __init__(self, play, phrase):
        self.play, self.rng, self.phrase = play, play.rng, phrase
        self.number = ""

    def turn(self, name):
        """Whether this life takes the turn."""
        return self.rng.random() < TURNS[name]

    def act(self, username, action, counted="", **fields):
        """Do it, count it; returns the event."""
        event = self.play.person(username).act(self.number, action, **fields)
        self.play.tally[counted or action] += 1
        return event

    def steps(self):
        """Play it: does a step, yields how many simulated seconds pass before the next."""
        street, event = self._report()
        placed = (event["area"] or {}).get("street")
        supervisor = "supervisor"
        if placed:
            street = placed["code"]
            supervisor = f"supervisor.{slugs()[street]}"
        if self.turn("forgotten"):
            yield 600
            self.act(supervisor, "urge", text="请尽快签收。")
            return
        if self.turn("withdrawn"):
            yield 90
            self.act("dispatcher", "cancel", reason="重复上报，核实后作废。")
            return
        if self.turn("urged"):
            yield 900
            self.act(supervisor, "urge", text="已超过响应时限，请立即处理。")
        yield self.rng.uniform(15, 240)
        if placed and self.turn("returned"):
            event = self.act(lead(event), "return", reason="不属于本部门职责，请核实后重新分拨。")
            yield self.rng.uniform(30, 240)
        event = self.act(lead(event), "claim")
        yield from self._work(event, street, supervisor)

    def _report(self):
        street, place = self.play.stage.pick()
        grid = self.play.person(f"grid.{slugs()[street]}.{self.rng.randint(1, 2)}")
        body = {
            "client_id": str(uuid.uuid4()),
            "category": self.phrase["category"],
            "text": self.phrase["report"],
            **place,
        }
        if self.rng.random() < 0.4:
            body["attachments"] = [grid.upload(picture(body["client_id"]), "before")]
            self.play.tally["photos"] += 1
        grid.sign_in()  # not a part of the report's time
        began = time.monotonic()
        event = grid.post("reports/", body, expect=(201,))
        self.play.accepted(event, began)
        self.number = event["number"]
        return street, event

    def _work(self, event, street, supervisor):
        for row in event["assignments"]:
            if (
                row["role"] == "support"
                and row["state"] == "dispatched"
                and self.rng.random() < 0.5
            ):
                yield self.rng.uniform(10, 120)
                event = self.act(officer_of(row["department"]["code"]), "claim", "support_claim")
        yield self.rng.uniform(120, 600)
        event = self.act(lead(event), "arrive")
        if self.rng.random() < 0.6:
            yield self.rng.uniform(30, 200)
            event = self.act(lead(event), "post", text=self.rng.choice(WORDS))
        if self.turn("supervised"):
            event = self.act(supervisor, "supervise", level="plain", text="请加快处置。")
        if self.turn("transferred"):
            event = yield from self._transfer(event, street)
        if self.turn("supported"):
            event = yield from self._support(event, street)
        if self.turn("unfinished"):
            return
        yield self.rng.uniform(300, 2400)
        yield from self._finish(event, supervisor)

    def _transfer(self, event, street):
        to = self._another(event, (f"{street}-emergency", f"{street}-cityops"))
        event = self.act(
            lead(event), "transfer", department=to, reason="现场核实后由该部门处置更合适。"
        )
        yield self.rng.uniform(30, 300)
        if current(event, to)["state"] == "dispatched":
            event = self.act(officer_of(to), "claim")
        return event

    def _support(self, event, street):
        to = self._another(event, (f"{street}-cityops", f"{street}-police", "440104-municipal"))
        event = self.act(lead(event), "request_support", departments=[to], reason="现场需要增援。")
        yield self.rng.uniform(60, 400)
        if current(event, to)["state"] == "dispatched":
            self.act(officer_of(to), "claim", "support_claim")
        return self.act(officer_of(to), "complete", "support_complete", text="增援任务完成。")

    def _another(self, event, codes):
        there = {row["department"]["code"] for row in event["assignments"] if not row["ended_at"]}
        return next((code for code in codes if code not in there), "440104-command")

    def _finish(self, event, supervisor):
        event = self._complete(event)
        yield self.rng.uniform(120, 1800)
        if self.turn("reworked"):
            event = self.act(
                supervisor, "verify", "rework", passed=False, text="现场仍有遗留，请返工。"
            )
            yield self.rng.uniform(300, 1200)
            event = self._complete(event)
            yield self.rng.uniform(60, 600)
        self.act(supervisor, "verify", "closed", passed=True, text="现场核查通过。")

    def _complete(self, event):
        for row in event["assignments"]:
            code = row["department"]["code"]
            needed = row["required"] and row["role"] == "support" and not row["ended_at"]
            if needed and row["state"] != "done":
                if row["state"] == "dispatched":
                    self.act(officer_of(code), "claim", "support_claim")
                self.act(officer_of(code), "complete", "support_complete", text="已完成。")
        files = []
        if self.rng.random() < 0.4:
            officer = self.play.person(lead(event))
            files = [officer.upload(picture(self.number), "after")]
            self.play.tally["photos"] += 1
        return self.act(lead(event), "complete", text=self.phrase["done"], attachments=files)


def current(event, department):
    """The department's current part in the event."""
    return next(
        row
        for row in event["assignments"]
        if row["department"]["code"] == department and not row["ended_at"]
    )


def lead(event):
    """The username of the officer of the department that leads now."""
    return next(
        officer_of(row["department"]["code"])
        for row in event["assignments"]
        if row["role"] == "lead" and not row["ended_at"]
    )
