"""For every action a situation in which it is done: who does it, to which event, with what.

A new action in the table needs a line here; the tests that go over all actions say so.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from events import moment
from events.entry import stamp
from tests.factories import AttachmentFactory
from tests.room import POLICE, RENSHENG, WATER


@dataclass
class Situation:
    """`who` can do the action to `number` with `body`; `others` are events that change with it."""

    who: str
    number: str
    body: dict = field(default_factory=dict)
    others: tuple = ()


def later(**kwargs):
    """A moment in the future, as a client sends it."""
    return stamp(moment.now() + timedelta(**kwargs))


def photo(user, who):
    """The id of a photo that `who` has uploaded."""
    return str(AttachmentFactory(uploader=user(who)).pk)


def _reported(who, **body):
    return lambda room, user: Situation(who, room.report()["number"], body)


def _claimed(who, **body):
    return lambda room, user: Situation(who, room.claimed()["number"], body)


def _handled(who, **body):
    return lambda room, user: Situation(who, room.handled()["number"], body)


def _closed(who, **body):
    return lambda room, user: Situation(who, room.closed()["number"], body)


def _with_photo(who, **body):
    def make(room, user):
        number = room.claimed()["number"]
        return Situation(who, number, {**body, "attachments": [photo(user, who)]})

    return make


def _held(room, user):
    number = room.claimed()["number"]
    room.do("supervisor", number, "hold", reason="等待配件", until=later(days=3))
    moment.move(minutes=7)
    return Situation("duty.hongqiao", number)


def _extension_asked(room, user):
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "request_extension", reason="现场复杂", until=later(hours=3))
    return Situation("supervisor", number, {"granted": True, "text": "同意"})


def _support_asked(room, user):
    number = room.claimed()["number"]
    room.do("duty.hongqiao", number, "request_support", departments=[WATER], reason="有积水")
    return Situation("duty.hongqiao", number, {"departments": [WATER], "reason": "不再需要"})


def _two(room, user):
    one, other = room.claimed()["number"], room.report(who="grid.beiyuan")["number"]
    return Situation("dispatcher", other, {"into": one}, (one,))


def _merged(room, user):
    two = _two(room, user)
    (main,) = two.others
    room.do("dispatcher", two.number, "merge", into=main)
    return Situation("dispatcher", main, {"number": two.number}, (two.number,))


def _elsewhere(room, user):
    body = {"location": {**RENSHENG, "crs": "WGS84"}, "reason": "报错地点"}
    return Situation("dispatcher", room.report()["number"], body)


def _classified(room, user):
    # A new class leaves the event with those who have it.
    number = room.report()["number"]
    room.do("dispatcher", number, "reclassify", category="event.0101")
    return Situation("dispatcher", number, {"condition": "立案条件 2"})


CASES = {
    "claim": _reported("duty.hongqiao"),
    "arrive": _claimed("duty.hongqiao"),
    "post": _with_photo("police.hongqiao", text="已调取监控", public=True),
    "attach": _with_photo("grid.beiyuan"),
    "complete": _with_photo("duty.hongqiao", text="井盖已补"),
    "return": _claimed("duty.hongqiao", reason="不属本辖区"),
    "transfer": _claimed("duty.hongqiao", department=POLICE, reason="请派出所主办"),
    "request_support": _claimed("duty.hongqiao", departments=[WATER], reason="有积水"),
    "release_support": _support_asked,
    "verify": _handled("grid.beiyuan", passed=False, text="还有积水"),
    "close": _handled("dispatcher", text="完成"),
    "reopen": _closed("supervisor.hongqiao", reason="又坏了"),
    "hold": lambda room, user: Situation(
        "supervisor.hongqiao", room.claimed()["number"], {"reason": "停工", "until": later(days=9)}
    ),
    "resume": _held,
    "request_extension": lambda room, user: Situation(
        "duty.hongqiao", room.claimed()["number"], {"reason": "复杂", "until": later(hours=2)}
    ),
    "decide_extension": _extension_asked,
    "urge": _reported("supervisor.hongqiao", text="请尽快"),
    "supervise": _claimed("supervisor", level="yellow", text="黄牌"),
    "escalate": _reported("supervisor.hongqiao"),
    "instruct": _claimed("supervisor", text="务必当日完成"),
    "choose_limit": _classified,
    "reclassify": _claimed("dispatcher", category="emergency.lost-person", reason="是走失"),
    "relocate": _elsewhere,
    "reroute": _claimed("dispatcher", reason="重分"),
    "merge": _two,
    "unmerge": _merged,
    "cancel": _reported("grid.beiyuan", reason="误报"),
}


def situation(action, room, user):
    """The Situation of an action; KeyError for one that has none yet."""
    return CASES[action](room, user)
