"""The people around an event at the API's door: who does what, and what each of them sees."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from dispatch.models import Department
from tests import BEIYUAN

API = "/api/v1/"
# In 洪桥街道: the offices that an unclassified report from 北园社区 goes to, and one it does not.
EMERGENCY, POLICE = "440104001-emergency", "440104001-police"
COMMITTEE, CITYOPS = "440104001112-committee", "440104001-cityops"
COMMAND, WATER = "440104-command", "440104-water"
# In 北京街道, 仁生里社区; WGS-84 degrees.
RENSHENG = {"lon": 113.267614, "lat": 23.13185}
OPEN = {"registered", "responded", "handled"}


class Room:
    """Requests as the people of the demo district; a person's token is taken once."""

    def __init__(self, client_of):
        self._client_of, self._clients = client_of, {}

    def client(self, who):
        """The person's APIClient."""
        if who not in self._clients:
            self._clients[who] = self._client_of(who)
        return self._clients[who]

    def ask(self, who, path, **params):
        """The answer to a GET."""
        return self.client(who).get(f"{API}{path}", params)

    def get(self, who, path, **params):
        """The JSON of a GET that succeeds."""
        answer = self.ask(who, path, **params)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def send(self, who, path, body=None, **headers):
        """The answer to a POST of JSON."""
        return self.client(who).post(f"{API}{path}", body or {}, format="json", **headers)

    def report(self, who="grid.beiyuan", **fields):
        """A new event at BEIYUAN, unclassified unless told otherwise."""
        answer = self.send(who, "reports/", sample(**fields))
        assert answer.status_code == 201, answer.content.decode()
        return answer.json()

    def act(self, who, number, action, /, **body):
        """The answer to an action."""
        return self.send(who, f"events/{number}/{action}/", body)

    def do(self, who, number, action, /, **body):
        """The event after an action that succeeds."""
        answer = self.act(who, number, action, **body)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def refused(self, status, who, number, action, /, **body):
        """The problem of an action that is refused."""
        answer = self.act(who, number, action, **body)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def event(self, number, who="supervisor"):
        """The event as that person reads it, without the position."""
        shape = self.get(who, f"events/{number}/")
        del shape["position"]
        return shape

    def entries(self, number, after=0, who="supervisor"):
        """All entries after a seq."""
        found, page = [], after
        while page is not None:
            answer = self.get(who, f"events/{number}/timeline/", after=page)
            found += answer["results"]
            page = answer["next"]
        return found

    def kinds(self, number, after=0):
        """The kinds of all entries after a seq."""
        return [entry["kind"] for entry in self.entries(number, after)]

    def sees(self, who, number):
        """Whether the person may open the event."""
        answer = self.ask(who, f"events/{number}/")
        assert answer.status_code in (200, 404), answer.content.decode()
        return answer.status_code == 200

    # Stages of an event's life, as the tests need them.

    def claimed(self, who="duty.hongqiao", **fields):
        """A reported event that the lead has claimed."""
        return self.do(who, self.report(**fields)["number"], "claim")

    def handled(self, **fields):
        """An event that the lead has completed."""
        number = self.claimed(**fields)["number"]
        return self.do("duty.hongqiao", number, "complete", text="已处置")

    def closed(self, **fields):
        """An event that a supervisor has closed."""
        return self.do("supervisor", self.handled(**fields)["number"], "close")


def sample(**fields):
    """The body of a report; None leaves a field out."""
    body = {
        "client_id": str(uuid.uuid4()),
        "text": "北园酒家门口井盖缺失",
        "location": {**BEIYUAN, "crs": "WGS84"},
        **fields,
    }
    return {name: value for name, value in body.items() if value is not None}


def current(event):
    """{department code: assignment} of those that count."""
    ended = {"returned", "transferred", "released", "recalled"}
    return {
        row["department"]["code"]: row for row in event["assignments"] if row["state"] not in ended
    }


def lead(event):
    """The code of the lead department."""
    (code,) = [code for code, row in current(event).items() if row["role"] == "lead"]
    return code


def clocks(event):
    """{stage: deadline} of the deadlines that run or stand on hold."""
    return {row["stage"]: row for row in event["deadlines"] if row["state"] in ("live", "paused")}


def fold(event, entries):
    """A stale event and the entries after it, put together as a client does."""
    event = dict(event)
    for entry in entries:
        if entry["event"] == event["number"] and entry["seq"] > event["seq"]:
            assert entry["seq"] == event["seq"] + 1
            event |= {**entry["changes"], "seq": entry["seq"]}
    return event


def name_of(code):
    """The name of a department."""
    return Department.objects.get(code=code).name


class Desk:
    """A person's desk as a client keeps it: a snapshot, then what the log says."""

    def __init__(self, room, who):
        self.room, self.who = room, who
        shape = self.snapshot()
        self.position = shape["position"]
        self.events = {event["number"]: event for event in shape["results"]}

    def snapshot(self):
        """The whole desk as it is now."""
        whole = page = self.room.get(self.who, "desk/")
        while page["next"]:
            page = self.room.get(self.who, "desk/", cursor=page["next"])
            whole["results"] += page["results"]
        return whole

    def catch_up(self):
        """Read the log to its end. An event that is new here, or has a gap, is fetched."""
        following = self.position["offset"]
        while following is not None:
            answer = self.room.get(self.who, "log/", after=following, epoch=self.position["epoch"])
            assert answer["recovered"]
            for number in answer["lost"]:
                self.events.pop(number, None)
            for entry in answer["results"]:
                self.take(entry)
            following, self.position = answer["next"], answer["position"]
        self.events = {n: event for n, event in self.events.items() if event["state"] in OPEN}

    def take(self, entry):
        known = self.events.get(entry["event"])
        if known is None or entry["seq"] > known["seq"] + 1:
            self.events[entry["event"]] = self.room.event(entry["event"], self.who)
        else:
            self.events[entry["event"]] = fold(known, [entry])

    def fresh(self):
        """What a reload would show."""
        return {event["number"]: event for event in self.snapshot()["results"]}


def at_once(jobs):
    """The results of callables that start together, each in a thread with connections of its own.

    Fails with the first error that one of them raised.
    """
    gate = Barrier(len(jobs))

    def run(job):
        gate.wait()
        try:
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.fixture
def room(client_of):
    """The people of the demo district."""
    return Room(client_of)
