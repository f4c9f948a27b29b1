"""A rain storm: forty sensors, each read every few seconds, through flood control's door."""

import json
import math
import time
from collections import Counter
from datetime import datetime, timedelta

from standardwebhooks import Webhook

from config.demo.sources import SECRET
from config.simulation.door import Failed, Person
from config.simulation.stage import rng_of

SENSORS = 40
WARN = 15
# How the water stands in a road over the storm, in centimetres, and how many roads do so.
SHAPES = (
    ("red", 5),  # a long rise over the red line, a slow fall
    ("warn", 5),  # over the warning line, not over the red one
    ("waves", 2),  # gone in between, and back
    ("restless", 2),  # around the line for hours
)
NOISE_CM = 0.6


class Storm:
    """`hours` of rain up to now, a reading of every sensor each `interval` seconds."""

    def __init__(self, door, out, hours, interval, seed):
        self.door, self.out, self.rng = door, out, rng_of(seed)
        self.span, self.interval = hours * 3600, interval
        self.dispatcher = Person(door, "dispatcher")
        answer = self.dispatcher.get("flood/?parts=stations")
        self.end = datetime.fromisoformat(answer["now"])
        self.sensors = [row for row in answer["stations"] if row["active"]][:SENSORS]
        self._check()
        self.shapes = self._shapes()
        self.flooded, self.sent = set(), Counter()

    def _check(self):
        if len(self.sensors) < SENSORS:
            raise Failed(f"演示监测站只有 {len(self.sensors)} 个，应有 {SENSORS} 个")
        begin = self.end - timedelta(seconds=self.span)
        for sensor in self.sensors:
            last = sensor["last"]
            if sensor["alarm"] or (last and datetime.fromisoformat(last["at"]) > begin):
                raise Failed("监测站已有较新的读数或报警，请先 manage.py demo --reset")

    def _shapes(self):
        """{code of a station in a road: its shape}; the others stay dry."""
        roads = [row["code"] for row in self.sensors if row["quantity"] == "depth"]
        self.rng.shuffle(roads)
        kinds = [kind for kind, count in SHAPES for _one in range(count)]
        return dict(zip(roads, kinds, strict=False))

    def height(self, code, part):
        """Centimetres on the road at a station when `part` (0 to 1) of the storm has passed."""
        kind, bump = self.shapes.get(code, "dry"), math.sin(math.pi * part)
        if kind == "red":
            depth = 52 * bump**1.5
        elif kind == "warn":
            depth = 25 * bump**1.5
        elif kind == "waves":
            depth = 33 * abs(math.sin(2 * math.pi * part)) ** 1.5
        elif kind == "restless":
            depth = WARN + 2.5 * math.sin(40 * math.pi * part) if 0.2 < part < 0.8 else 4 * bump
        else:
            depth = 8 * bump
        return max(0.0, depth + self.rng.uniform(-NOISE_CM, NOISE_CM))

    def run(self):
        """Send every reading; each delivery is one moment of all sensors."""
        begin, steps = time.monotonic(), int(self.span // self.interval)
        for step in range(steps + 1):
            at = self.end - timedelta(seconds=self.span - step * self.interval)
            self._send(at, step / steps)
            self._progress(step, steps)
        self.seconds = time.monotonic() - begin

    def _send(self, at, part):
        tm = f"{at:%Y-%m-%dT%H:%M:%S}Z"
        rows = {"ST_RIVER_R": [], "ST_PPTN_R": []}
        for sensor in self.sensors:
            row = {"STCD": sensor["code"], "TM": tm}
            if sensor["quantity"] == "rain_1h":
                rows["ST_PPTN_R"].append({**row, "DRP": round(45 * part, 1), "INTV": 1.0})
            elif sensor["quantity"] == "depth":
                cm = round(self.height(sensor["code"], part), 1)
                if cm >= sensor["warn"]:
                    self.flooded.add(sensor["code"])
                rows["ST_RIVER_R"].append({**row, "Z": round(cm / 100, 3)})
            else:
                rows["ST_RIVER_R"].append({**row, "Z": round(1.2 + part, 2)})
        self._deliver(json.dumps(rows), int(at.timestamp()))
        self.sent["readings"] += len(self.sensors)

    def _deliver(self, body, key):
        delivery, now = f"storm-{key}", datetime.now(self.end.tzinfo)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": delivery,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRET).sign(delivery, now, body),
        }
        began = time.monotonic()
        status, answer = self.door.request("POST", "/feeds/flood/", body.encode(), headers)
        self.sent["seconds"] += time.monotonic() - began
        self.sent["deliveries"] += 1
        if status != 202:
            raise Failed(f"来件没有被接收（{status}）：{answer}")

    def _progress(self, step, steps):
        if steps >= 10 and step % (steps // 10) == 0:
            sent, places = self.sent["readings"], len(self.flooded)
            self.out.write(f"{100 * step // steps:3d}%  读数 {sent}  积水 {places} 处")

    def summary(self):
        """Say what came of it; raises Failed unless every flooded place is one event."""
        say, sent = self.out.write, self.sent
        each = 1000 * sent["seconds"] / sent["deliveries"]
        say(f"监测站 {len(self.sensors)} 个，读数 {sent['readings']} 条")
        say(f"来件 {sent['deliveries']} 件，用时 {self.seconds:.0f} 秒，每件 {each:.0f} 毫秒")
        numbers = self._events()
        say(f"积水 {len(self.flooded)} 处，事件 {len(numbers)} 个")
        told = {number: self._told(number) for number in numbers}
        most = max(map(len, told.values()), default=0)
        receded = sum("receded" in kinds for kinds in told.values())
        say(f"来源更新一个事件最多 {most} 条；{receded} 个事件已提示退水")
        alarmed = {
            row["code"]: row["alarm"]["event"]
            for row in self.dispatcher.get("flood/?parts=stations")["stations"]
            if row["alarm"]
        }
        if alarmed.keys() != self.flooded or sorted(alarmed.values()) != sorted(numbers):
            raise Failed(f"应为每处积水一个事件：积水 {sorted(self.flooded)}，事件 {alarmed}")

    def _events(self):
        """The numbers of the events that flood control has made since the storm began."""
        since = f"{self.end:%Y-%m-%dT%H:%M:%SZ}"
        found, cursor = [], ""
        while cursor is not None:
            page = self.dispatcher.get(
                f"events/?source=flood&limit=100&since={since}"
                + (f"&cursor={cursor}" if cursor else "")
            )
            found += [event["number"] for event in page["results"]]
            cursor = page["next"]
        return found

    def _told(self, number):
        """The kinds of what the room of an event was told of the water."""
        entries = self.dispatcher.get(f"events/{number}/timeline/?after=0")["results"]
        return [row["kind"] for row in entries if row["kind"] in ("updated", "receded")]


def play(door, out, hours, interval, seed):
    """Play a storm and say what came of it; raises Failed when the platform failed."""
    storm = Storm(door, out, hours, interval, seed)
    storm.run()
    storm.summary()
    return storm
