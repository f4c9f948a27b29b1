"""The list, the object check and the live tail give the same answer to "may I see it?"."""

import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dispatch import access
from dispatch.models import Assignment, AssignmentRole, Department, Officer, Role
from events.models import Event, TimelineEntry
from geo.models import Area
from tests.attachments import samples
from tests.factories import OfficerFactory
from tests.room import RENSHENG

pytestmark = pytest.mark.django_db
AREAS = (
    "440104",
    "440104001",
    "440104003",
    "440104001112",
    "440104001101",
    "440104003123",
)
OFFICES = ("440104001-emergency", "440104001-police", "440104003-emergency", "440104-command")
SEA = {"lon": 114.5, "lat": 21.5}
SANYANJING = {"lon": 113.262439, "lat": 23.137265}


def people(rng):
    """Thirty people of every role, with areas and offices dealt at random."""
    offices = {row.code: row for row in Department.objects.filter(code__in=OFFICES)}
    for _number in range(30):
        OfficerFactory(
            role=rng.choice(Role.values),
            department=rng.choice([None, *offices.values()]),
            areas=rng.sample(AREAS, rng.choice([0, 0, 1, 1, 2])),
        )
    return list(Officer.objects.filter(user__username__startswith="person."))


def deal(rng, event, offices):
    """Random assignments, some of them ended, in place of the event's own."""
    Assignment.objects.filter(event=event).delete()
    taken = set()
    for index in range(rng.randint(0, 4)):
        office, over = rng.choice(offices), rng.random() < 0.4
        if not over and office in taken:
            continue
        if not over:
            taken.add(office)
        Assignment.objects.create(
            event=event,
            department=office,
            role=AssignmentRole.SUPPORT if index else AssignmentRole.LEAD,
            state=rng.choice(["returned", "transferred", "recalled", "released"])
            if over
            else rng.choice(["dispatched", "claimed", "done"]),
            current=not over,
            dispatched_at=event.registered_at,
        )


@pytest.mark.parametrize("seed", range(3))
def test_list_object_and_tail_agree_for_everybody(seed, room):
    rng = random.Random(seed)
    officers = people(rng)
    places = [None, RENSHENG, SANYANJING, SEA]
    for place in places:
        fields = {"location": {**place, "crs": "WGS84"}} if place else {}
        room.report(rng.choice(["grid.beiyuan", "duty.hongqiao", "dispatcher"]), **fields)
    offices = list(Department.objects.filter(code__in=OFFICES))
    events = list(Event.objects.select_related("log", "street", "community", "reporter"))
    for event in events:
        deal(rng, event, offices)
        if rng.random() < 0.6:
            event.reporter = rng.choice(officers).user
            event.save()
    scopes = access.scopes_of([officer.user_id for officer in officers])
    seen = 0
    for officer in officers:
        scope = scopes[officer.user_id]
        listed = set(access.access_events(scope).values_list("pk", flat=True))
        for event in events:
            codes = set(
                event.assignments.filter(current=True).values_list("department__code", flat=True)
            )
            tail = not scope.tokens.isdisjoint(access.audience(event, codes))
            assert (event.pk in listed) == access.may_see(scope, event, codes) == tail
            assert access.may_follow(scope, event.number) == tail
            assert (event.pk in listed) == by_hand(officer, event, codes)
            seen += tail
    assert 0 < seen < len(officers) * len(events)


def by_hand(officer, event, codes):
    """DESIGN's table in plain words."""
    own = event.reporter_id == officer.user_id
    areas = {area.code for area in officer.areas.all()}
    here = areas & {
        area.code if isinstance(area, Area) else area
        for area in ("440104", event.street, event.community)
        if area
    }
    match officer.role:
        case Role.OFFICER:
            return own or bool(officer.department and officer.department.code in codes)
        case Role.AUDITOR:
            return bool(here)
        case Role.ADMIN:
            return False
        case _:
            return own or bool(here)


def test_the_last_entry_of_an_event_is_for_those_who_may_see_the_event(room):
    walk = (
        ("duty.hongqiao", "claim", {}),
        ("duty.hongqiao", "request_support", {"departments": ["440104-water"], "reason": "水"}),
        ("police.hongqiao", "return", {"reason": "无警情"}),
        ("dispatcher", "relocate", {"location": {**RENSHENG, "crs": "WGS84"}}),
        ("duty.hongqiao", "transfer", {"department": "440104003-emergency", "reason": "在邻街"}),
        ("dispatcher", "reroute", {"reason": "邻街"}),
        ("dispatcher", "cancel", {"reason": "误报"}),
        ("supervisor", "reopen", {"reason": "非误报"}),
    )
    number = room.report()["number"]
    officers = Officer.objects.filter(user__is_active=True)
    scopes = access.scopes_of([officer.user_id for officer in officers]).values()
    before = set()
    for who, action, body in walk:
        room.do(who, number, action, **body)
        entry = TimelineEntry.objects.filter(event__number=number).order_by("-seq").first()
        told = {s.user_id for s in scopes if not s.tokens.isdisjoint(entry.audience)}
        allowed = {s.user_id for s in scopes if access.may_follow(s, number)}
        assert told == allowed
        gone = {s.user_id for s in scopes if not s.tokens.isdisjoint(entry.leavers)}
        assert before - allowed <= gone, action
        before = allowed


@pytest.mark.parametrize("how", ["returned", "transferred", "recalled", "released"])
def test_a_department_that_lost_the_event_keeps_no_access(how, room, media):
    number = room.report()["number"]
    picture = SimpleUploadedFile("a.jpg", samples.jpeg((64, 48)), "image/jpeg")
    sent = room.client("grid.beiyuan").post(
        "/api/v1/attachments/", {"file": picture, "event": number}, format="multipart"
    )
    file = sent.json()["id"]
    position = room.get("police.hongqiao", "desk/")["position"]
    room.do("dispatcher", number, "transfer", department="440104001-police", reason="警情")
    loser = "police.hongqiao"
    doors = (
        f"events/{number}/",
        f"events/{number}/timeline/",
        f"events/{number}/routing/",
        f"events/{number}/actions/",
        f"events/{number}/nearby/",
        f"events/{number}/similar/",
        f"attachments/{file}/",
        f"attachments/{file}/thumbnail/",
    )
    assert all(room.ask(loser, door).status_code == 200 for door in doors)
    if how == "returned":
        room.do(loser, number, "return", reason="无警情")
    elif how == "transferred":
        room.do(loser, number, "transfer", department="440104-water", reason="内涝")
    elif how == "recalled":
        room.do("dispatcher", number, "reclassify", category="event.0406")
        room.do("dispatcher", number, "reroute", reason="城管事件")
    else:
        room.do("dispatcher", number, "transfer", department="440104-water", reason="内涝")
        body = {"departments": ["440104001-police"], "reason": "封路"}
        room.do("dispatcher", number, "request_support", **body)
        room.do("dispatcher", number, "release_support", departments=body["departments"])
    assert all(room.ask(loser, door).status_code == 404 for door in doors)
    assert room.act(loser, number, "post", text="还在吗").status_code == 404
    assert room.get(loser, "events/")["results"] == []
    assert room.get(loser, "events/map/")["features"] == []
    assert room.get(loser, "desk/")["results"] == []
    assert room.get(loser, "stats/today/")["open"] == 0
    log = room.get(loser, "log/", after=position["offset"], epoch=position["epoch"])
    assert (log["results"], log["lost"]) == ([], [number])
    assert room.sees("grid.beiyuan", number)


def test_the_admin_has_no_rights_over_events(room):
    number = room.report()["number"]
    assert not room.sees("admin", number)
    assert room.get("admin", "events/")["results"] == []
    assert room.get("admin", "log/")["results"] == []
    assert room.send("admin", "reports/").status_code == 403
    for action in ("post", "cancel", "claim"):
        assert room.act("admin", number, action, text="x", reason="x").status_code == 404


def test_an_account_without_an_office_is_told_so(room, user):
    user("grid.beiyuan").officer.delete()
    for path in ("events/", "desk/", "log/", "stats/today/"):
        answer = room.ask("grid.beiyuan", path)
        assert answer.status_code == 403
        assert "岗位" in answer.json()["detail"]


def test_who_changes_office_sees_what_the_new_office_has_at_once(room, user):
    number = room.report()["number"]
    assert not room.sees("cityops.hongqiao", number)
    officer = user("cityops.hongqiao").officer
    officer.department = Department.objects.get(code="440104001-police")
    officer.save()
    assert room.sees("cityops.hongqiao", number)
