"""Who may do what: the table of the design, tried on everybody in the room."""

import pytest
from django.db import transaction

from dispatch.actions.table import ACTIONS
from dispatch.models import Role
from tests.actions.cases import situation
from tests.factories import OfficerFactory
from tests.room import sample

pytestmark = pytest.mark.django_db

PEOPLE = {
    "reporter": "grid.beiyuan",
    "lead": "duty.hongqiao",
    "support": "police.hongqiao",
    "street": "supervisor.hongqiao",
    "district": "supervisor",
    "dispatcher": "dispatcher",
    "auditor": "auditor",
    # They do not even see it.
    "same street": "cityops.hongqiao",
    "other street": "duty.beijing",
    "other supervisor": "supervisor.beijing",
    "admin": "admin",
}
BLIND = {"same street", "other street", "other supervisor", "admin"}
CREW, SUPERVISORS = {"lead", "support"}, {"street", "district"}
ROOM = {"reporter", "grid", "dispatcher", *CREW, *SUPERVISORS}
MAY = {
    "claim": CREW,
    "arrive": CREW,
    "post": ROOM,
    "attach": ROOM,
    "complete": CREW,
    "return": CREW,
    "transfer": CREW | {"dispatcher"},
    "request_support": {"lead", "dispatcher"} | SUPERVISORS,
    "release_support": {"lead", "dispatcher"} | SUPERVISORS,
    "verify": {"reporter"} | SUPERVISORS,
    "close": {"dispatcher"} | SUPERVISORS,
    "reopen": SUPERVISORS,
    "hold": {"lead"} | SUPERVISORS,
    "resume": {"lead"} | SUPERVISORS,
    "request_extension": {"lead"},
    "decide_extension": SUPERVISORS,
    "urge": SUPERVISORS,
    "supervise": SUPERVISORS,
    "escalate": SUPERVISORS,
    "instruct": SUPERVISORS,
    "choose_limit": {"reporter", "dispatcher"},
    "reclassify": {"dispatcher"},
    "relocate": {"dispatcher"},
    "reroute": {"dispatcher"},
    "merge": {"dispatcher"},
    "unmerge": {"dispatcher"},
    "cancel": {"reporter", "dispatcher"},
}


def tried(room, who, number, action, /, **body):
    """The status of an action whose effect is taken back."""
    room.client(who)
    with transaction.atomic():
        status = room.act(who, number, action, **body).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("action", ACTIONS)
def test_only_those_act_who_may(action, room, user):
    case = situation(action, room, user)
    neighbour = OfficerFactory(role=Role.GRID_WORKER, areas=["440104001112"]).user.username
    before = room.event(case.number)
    for part, who in {**PEOPLE, "grid": neighbour}.items():
        status = tried(room, who, case.number, action, **case.body)
        if part in BLIND:
            assert status == 404, part
        elif part in MAY[action]:
            assert status in (200, 409, 422), part
        else:
            assert status == 403, part
    assert room.event(case.number) == before
    assert room.do(case.who, case.number, action, **case.body)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("grid.beiyuan", 201),
        ("duty.hongqiao", 201),
        ("supervisor", 201),
        ("dispatcher", 201),
        ("auditor", 403),
        ("admin", 403),
    ],
)
def test_who_may_report(who, status, room):
    assert room.send(who, "reports/", sample()).status_code == status


def test_the_list_of_what_i_may_do_is_what_i_may_do(room, user):
    number = room.claimed()["number"]
    for who in PEOPLE.values():
        answer = room.ask(who, f"events/{number}/actions/")
        if answer.status_code == 404:
            continue
        for action in answer.json()["actions"]:
            body = {"reason": "因", "text": "文", "passed": True, "granted": True}
            body |= {"departments": ["440104-water"], "department": "440104-water"}
            body |= {"level": "red", "category": "event.0406", "until": "2999-01-01T00:00:00Z"}
            body |= {"condition": ""}
            status = tried(room, who, number, action["name"], **body)
            # 422: the fields are wrong, which the list cannot know.
            assert action["allowed"] == (status in (200, 422)), (who, action, status)
            assert action["allowed"] == (action["why"] is None)
