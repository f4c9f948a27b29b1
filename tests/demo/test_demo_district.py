"""The demo district is there with one command, and only where it may be."""

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import RequestFactory

from config.demo import district
from dispatch import access
from dispatch.models import Department, Officer, RoutingRule, WorkGroup
from events.models import Category, Log
from geo.models import Area

PASSWORD = "xianfeng-demo"
pytestmark = pytest.mark.django_db


def counts():
    """How many rows of everything the demo makes."""
    models = (Area, Log, Category, Department, WorkGroup, Officer, RoutingRule)
    through = (Department.areas.through, Officer.areas.through, WorkGroup.members.through)
    return [model.objects.count() for model in (*models, *through)]


def test_loading_it_again_adds_nothing():
    before = counts()
    call_command("demo", verbosity=0)
    assert counts() == before


def test_loading_it_again_brings_back_what_is_missing_and_keeps_what_was_changed():
    office = Department.objects.get(code="440104001-police")
    office.name = "洪桥派出所（新）"
    office.save()
    Officer.objects.get(user__username="grid.beiyuan").user.delete()
    before = counts()
    call_command("demo", verbosity=0)
    office.refresh_from_db()
    assert office.name == "洪桥派出所（新）"
    assert counts() != before
    assert access.scope_of(Officer.objects.get(user__username="grid.beiyuan").user).areas == {
        "440104001112"
    }


def test_if_empty_leaves_a_database_alone_that_has_something():
    Officer.objects.get(user__username="grid.beiyuan").user.delete()
    before = counts()
    call_command("demo", if_empty=True, verbosity=0)
    assert counts() == before


def test_outside_demo_mode_it_is_refused_and_says_how(settings):
    settings.DEMO = False
    before = counts()
    with pytest.raises(CommandError, match="XIANFENG_DEMO=1"):
        call_command("demo", reset=True, verbosity=0)
    assert counts() == before


def test_every_community_has_a_committee_and_every_street_its_three_offices():
    for area in Area.objects.current():
        kinds = sorted(Department.objects.filter(areas=area).values_list("kind", flat=True))
        if area.level == Area.Level.COMMUNITY:
            assert kinds == ["committee"], area
        elif area.level == Area.Level.STREET:
            assert kinds == ["city_management", "emergency_office", "police"], area
    assert Department.objects.filter(kind="committee").count() == 222


def test_every_street_and_the_district_has_one_fallback():
    for area in Area.objects.current().exclude(level=Area.Level.COMMUNITY):
        assert Department.objects.filter(areas=area, fallback=True).count() == 1, area
    assert Log.objects.get().code == district.CODE


def test_every_department_has_a_default_group_with_somebody_who_may_claim():
    for department in Department.objects.prefetch_related("groups__members"):
        (group,) = department.groups.all()
        assert group.default
        assert any(officer.role == "officer" for officer in group.members.all()), department


@pytest.mark.parametrize(
    ("username", "role", "department", "areas"),
    [
        ("grid.beiyuan", "grid_worker", "北园社区居委会", {"440104001112"}),
        ("duty.hongqiao", "officer", "洪桥街道应急办公室", set()),
        ("police.hongqiao", "officer", "洪桥派出所", set()),
        ("committee.beiyuan", "officer", "北园社区居委会", set()),
        ("cityops.hongqiao", "officer", "洪桥街道综合行政执法办公室", set()),
        ("dispatcher", "dispatcher", "区指挥中心", {"440104"}),
        ("supervisor.hongqiao", "supervisor", "洪桥街道应急办公室", {"440104001"}),
        ("supervisor", "supervisor", "区指挥中心", {"440104"}),
        ("auditor", "auditor", "", {"440104"}),
        ("admin", "admin", "", set()),
        ("duty.kuangquan", "officer", "矿泉街道应急办公室", set()),
        ("police.dengfeng", "officer", "登峰派出所", set()),
        ("supervisor.beijing", "supervisor", "北京街道应急办公室", {"440104003"}),
    ],
)
def test_the_published_accounts_open_with_the_published_password(
    user, username, role, department, areas
):
    request = RequestFactory().post("/")
    assert authenticate(request, username=username, password=PASSWORD) == user(username)
    scope = access.scope_of(user(username))
    assert (scope.role, scope.department_name, set(scope.areas)) == (role, department, areas)


def test_the_administrator_has_the_admin_and_no_right_over_events(user):
    admin = user("admin")
    assert admin.is_staff
    assert admin.is_superuser
    assert access.scope_of(admin).tokens == frozenset()
    assert user("duty.hongqiao").is_staff is False


def test_every_community_is_some_grid_workers_round():
    walked = Officer.objects.filter(role="grid_worker").values_list("areas__code", flat=True)
    communities = Area.objects.current().filter(level=Area.Level.COMMUNITY)
    assert sorted(walked) == sorted(communities.values_list("code", flat=True))
