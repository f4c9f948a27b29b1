"""The most specific rule wins, nothing floats, and the event keeps why."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from dispatch.models import Department, RoutingRule, RoutingTarget
from dispatch.routing import Facts, plan
from events.models import Category
from geo.models import Area
from tests.factories import DepartmentFactory
from tests.room import COMMAND, COMMITTEE, EMERGENCY, POLICE, RENSHENG, current, lead

pytestmark = pytest.mark.django_db
AREAS = ("440104", "440104001", "440104001112")


def facts(category="emergency.fire", areas=AREAS, priority="P1", source="grid", at="12:00"):
    """What rules look at."""
    day = datetime.fromisoformat(f"2026-11-21T{at}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    return Facts(Category.objects.get(qualified=category).path, areas, priority, source, day)


@pytest.fixture
def rule():
    """Writes a rule; `lead` and `support` are a kind, a code or a Department. Others are gone."""
    RoutingRule.objects.all().delete()

    def write(name, *, lead=None, support=None, category=None, area=None, **fields):
        made = RoutingRule.objects.create(
            name=name,
            category=category and Category.objects.get(qualified=category),
            area=area and Area.objects.get(code=area, valid_to=None),
            **fields,
        )
        for role, who in (("lead", lead), ("support", support)):
            if isinstance(who, Department):
                RoutingTarget.objects.create(rule=made, role=role, department=who)
            elif who:
                RoutingTarget.objects.create(rule=made, role=role, kind=who)
        return made

    return write


def codes(answer, role="lead"):
    return [t.department.code for t in answer.targets if t.role == role]


def test_the_most_specific_class_wins_then_the_area_then_the_rest(rule):
    offices = {name: DepartmentFactory(code=name) for name in ("a", "b", "c", "d", "e")}
    rule("anything", lead=offices["a"])
    assert codes(plan(facts())) == ["a"]
    rule("in this street", lead=offices["b"], area="440104001")
    assert codes(plan(facts())) == ["b"]
    rule("all emergencies", lead=offices["c"], category="emergency.all")
    assert codes(plan(facts())) == ["c"]
    rule("urgent emergencies", lead=offices["d"], category="emergency.all", priority="P1")
    assert codes(plan(facts())) == ["d"]
    rule("fires", lead=offices["e"], category="emergency.fire", order=900)
    assert codes(plan(facts())) == ["e"]
    assert codes(plan(facts("event.0406", areas=("440104",)))) == ["a"]


def test_ties_go_by_order(rule):
    first, second = DepartmentFactory(code="first"), DepartmentFactory(code="second")
    rule("later", lead=second, order=20)
    rule("sooner", lead=first, order=10)
    assert codes(plan(facts())) == ["first"]


def test_each_role_has_its_own_winner(rule):
    rule("lead", lead="police", category="emergency.fire")
    rule("support", support="committee", category="emergency.all")
    answer = plan(facts())
    assert codes(answer) == [POLICE]
    assert codes(answer, "support") == [COMMITTEE]
    assert answer.rules == ["lead", "support"]


def test_a_rule_that_means_nobody_here_leaves_it_to_the_next(rule):
    rule("special", lead="utility", category="emergency.fire")
    rule("general", lead="police", category="emergency.all")
    Department.objects.filter(kind="utility").update(active=False)
    answer = plan(facts())
    assert codes(answer) == [POLICE]
    assert answer.rules == ["general"]


def test_the_narrowest_jurisdiction_is_meant(rule):
    wide = DepartmentFactory(kind="health", areas=["440104"])
    narrow = DepartmentFactory(kind="health", areas=["440104003", "440104001112"])
    middle = DepartmentFactory(kind="health", areas=["440104001"])
    Department.objects.filter(code="440104-health").update(active=False)
    rule("health", lead="health")
    assert codes(plan(facts())) == [narrow.code]
    assert codes(plan(facts(areas=AREAS[:2]))) == [middle.code]
    assert codes(plan(facts(areas=AREAS[:1]))) == [wide.code]
    assert codes(plan(facts(areas=("440104", "440104003", "440104003123")))) == [narrow.code]


def test_a_department_is_not_lead_and_support_at_once(rule):
    rule("both", lead="police", support="police")
    answer = plan(facts())
    assert (codes(answer), codes(answer, "support")) == ([POLICE], [])


@pytest.mark.parametrize(
    ("at", "inside"), [("21:59", False), ("22:00", True), ("03:00", True), ("06:00", False)]
)
def test_a_night_rule_spans_midnight_in_district_time(at, inside, rule):
    rule("night", lead="police", hours_from=time(22), hours_to=time(6))
    rule("day", lead="emergency_office", order=200)
    assert codes(plan(facts(at=at))) == [POLICE if inside else EMERGENCY]


@pytest.mark.parametrize(
    ("condition", "other"),
    [({"priority": "P4"}, "priority"), ({"source": "hotline"}, "source")],
)
def test_a_condition_that_does_not_hold_is_told_in_the_trace(condition, other, rule):
    rule("special", lead="police", **condition)
    answer = plan(facts())
    assert answer.fallback
    assert answer.trace["rules"] == [
        {"rule": "special", "matched": False, "why_not": other, "rank": None}
    ]


def test_a_rule_that_is_switched_off_does_not_count(rule):
    rule("off", lead="police", active=False)
    assert plan(facts()).fallback


def test_without_a_rule_the_streets_fallback_takes_it(rule):
    answer = plan(facts())
    assert (codes(answer), answer.fallback) == ([EMERGENCY], True)
    assert codes(plan(facts(areas=("440104",)))) == [COMMAND]


def test_when_all_are_passed_over_the_widest_fallback_keeps_it(rule):
    rule("police", lead="police")
    gone = {POLICE}
    assert codes(plan(facts(), exclude=gone)) == [EMERGENCY]
    gone.add(EMERGENCY)
    assert codes(plan(facts(), exclude=gone)) == [COMMAND]
    gone.add(COMMAND)
    assert codes(plan(facts(), exclude=gone)) == [COMMAND]


def test_where_no_fallback_covers_the_place_another_one_takes_it(rule):
    Department.objects.filter(code__in=[EMERGENCY, COMMAND]).update(fallback=False)
    (code,) = codes(plan(facts()))
    assert Department.objects.get(code=code).fallback


def test_the_lead_is_never_missing_wherever_it_happens(room):
    places = (None, RENSHENG, {"lon": 114.5, "lat": 21.5})
    for place in places:
        fields = {"location": {**place, "crs": "WGS84"}} if place else {}
        assert lead(room.report(**fields))
    assert lead(room.report(location=None, address="不知道哪里"))


def test_the_event_keeps_the_trace(room):
    number = room.report(category="emergency.fire")["number"]
    trace = room.get("supervisor", f"events/{number}/routing/")
    assert trace["used"] == ["火灾"]
    assert trace["facts"]["areas"] == list(AREAS)
    assert trace["facts"]["priority"] == "P1"
    assert not trace["fallback"]
    targets = {row["department"]["code"]: row["role"] for row in trace["targets"]}
    event = room.event(number)
    assert targets == {code: row["role"] for code, row in current(event).items()}
    ranked = [row for row in trace["rules"] if row["matched"]]
    assert [row["rank"] for row in ranked] == list(range(len(ranked)))
    assert ranked[0]["rule"] == "火灾"


def test_a_class_that_gets_another_name_goes_where_it_went(room):
    before = current(room.report(category="emergency.fire"))
    for category in Category.objects.filter(qualified__in=["emergency.fire", "emergency.all"]):
        category.name = f"改名 {category.pk}"
        category.save()
    RoutingRule.objects.update(name="改名")
    event = room.report(category="emergency.fire")
    assert set(current(event)) == set(before)
    assert event["category"]["name"].startswith("改名")
    assert len(event["deadlines"]) == 2


@pytest.mark.parametrize("field", ["code", "scheme"])
def test_a_class_that_gets_another_code_goes_where_it_went(field, room):
    before = current(room.report(category="emergency.fire"))
    parent = Category.objects.get(qualified="emergency.fire").parent
    if field == "code":
        parent.code = "mishap"
        parent.save()
    else:
        for category in Category.objects.filter(scheme="emergency").order_by("path"):
            category.scheme = "urgent"
            category.save()
    code = "emergency.fire" if field == "code" else "urgent.fire"
    event = room.report(category=code)
    assert set(current(event)) == set(before)
    assert len(event["deadlines"]) == 2
    assert Category.objects.get(qualified=code).path.count("/") == 4


def test_a_class_that_moves_below_another_takes_its_rules_along(room):
    fire = Category.objects.get(qualified="emergency.fire")
    fire.parent = Category.objects.get(qualified="emergency.security")
    fire.save()
    child = Category.objects.create(
        scheme="emergency", code="house-fire", name="民宅火灾", parent=fire, priority="P1"
    )
    fire.parent = Category.objects.get(qualified="emergency.accident")
    fire.save()
    child.refresh_from_db()
    assert child.path == "/emergency.all/emergency.accident/emergency.fire/emergency.house-fire/"
    assert lead(room.report(category="emergency.house-fire")) == "440104-fire"
