"""In the demo district every kind of event goes somewhere, and to the right ones."""

from itertools import cycle

import pytest

from dispatch.models import RoutingRule
from dispatch.routing import Facts, plan
from events.models import Category
from geo.models import Area

pytestmark = pytest.mark.django_db


def offices(code, moment, areas=("440104", "440104001", "440104001112")):
    """(the code of the lead, the codes of the supports) for an event of that class in 北园."""
    category = Category.objects.get(qualified=code)
    answer = plan(Facts(category.path, areas, category.priority, "app", moment.now()))
    leads = [t.department.code for t in answer.targets if t.role == "lead"]
    supports = {t.department.code for t in answer.targets if t.role == "support"}
    assert len(leads) == 1
    return leads[0], supports


EMERGENCY, POLICE = "440104001-emergency", "440104001-police"
CITYOPS, COMMITTEE = "440104001-cityops", "440104001112-committee"


@pytest.mark.parametrize("code", ["lost-person", "unclassified"])
def test_a_lost_person_goes_to_office_police_and_committee_and_not_to_city_management(code, moment):
    assert offices(f"emergency.{code}", moment) == (EMERGENCY, {POLICE, COMMITTEE})


@pytest.mark.parametrize(
    ("code", "lead", "some"),
    [
        ("emergency.fight", POLICE, {EMERGENCY}),
        ("emergency.fire", "440104-fire", {EMERGENCY, POLICE}),
        ("emergency.gas-leak", "440104-gas", {"440104-fire", EMERGENCY}),
        ("emergency.waterlogging", "440104-water", {EMERGENCY, "440104-flood"}),
        ("emergency.traffic-accident", "440104-traffic", {POLICE}),
        ("emergency.medical", EMERGENCY, {"440104-health", POLICE}),
        ("emergency.crowding", EMERGENCY, {POLICE, "440104-command"}),
        ("event.0406", CITYOPS, {COMMITTEE}),
        ("event.0506", "440104-water", {"440104-flood"}),
        ("event.0502", "440104-gas", {"440104-fire"}),
        ("component.0137", "440104-municipal", {CITYOPS}),
        ("component.0305", "440104-cityops", {CITYOPS}),
    ],
)
def test_the_right_office_leads(code, lead, some, moment):
    leads, supports = offices(code, moment)
    assert leads == lead
    assert supports >= some


@pytest.mark.parametrize(
    ("names", "lead"),
    [
        (("环境保护", "环境污染", "噪音污染"), "440104-environment"),
        (("卫生计生", "食品药品监管", "食品安全"), "440104-market"),
        (("商贸旅游", "市场监管", "物价监督"), "440104-market"),
        (("城乡建设", "住房保障与房地产", "物业服务"), "440104-housing"),
        (("城乡建设", "城市建设和市政管理", "燃气供应"), "440104-gas"),
        (("城乡建设", "城市建设和市政管理", "自来水供应"), "440104-watersupply"),
        (("城乡建设", "城市建设和市政管理", "电力供应"), "440104-power"),
        (("城乡建设", "城乡规划", "违章建筑"), CITYOPS),
        (("政法", "交通管理", "交通事故"), "440104-traffic"),
        (("政法", "社会治安", "消防安全"), "440104-fire"),
        (("政法", "社会治安", "黄赌毒"), POLICE),
        (("农村农业", "水利水电", "防汛抗旱"), "440104-water"),
        (("民政", "社会救助", "城镇低保"), "440104-civil"),
        (("劳动和社会保障", "工资福利", "工资发放"), "440104-labour"),
        (("教育文体", "文物管理", "文物保护"), "440104-culture"),
        (("国土资源", "其他", "其他"), EMERGENCY),
    ],
)
def test_a_hotline_message_goes_to_the_bureau_of_its_subject(names, lead, moment):
    first, second, third = names
    category = Category.objects.get(
        scheme="hotline", name=third, parent__name=second, parent__parent__name=first
    )
    assert offices(category.qualified, moment)[0] == lead


def samples():
    """The classes that rules may tell apart: those with a rule, and the first of every group."""
    ruled = set(RoutingRule.objects.values_list("category_id", flat=True))
    groups = set()
    for category in Category.objects.filter(selectable=True).order_by("qualified"):
        if category.pk in ruled or category.parent_id not in groups:
            groups.add(category.parent_id)
            yield category


def test_no_class_is_without_a_route_in_any_street(moment):
    streets = Area.objects.current().filter(level=Area.Level.STREET).prefetch_related("children")
    communities = [street.children.all()[0] for street in streets]
    for category, community in zip(samples(), cycle(communities)):
        areas = ("440104", community.code[:9], community.code)
        answer = plan(Facts(category.path, areas, "P3", "app", moment.now()))
        assert not answer.fallback, (category, community)
        assert answer.targets[0].role == "lead"
        assert {
            area.code for target in answer.targets for area in target.department.areas.all()
        } <= set(areas)


def test_every_scheme_has_a_rule_for_all_of_it():
    for root in Category.objects.filter(parent=None):
        assert RoutingRule.objects.filter(category=root, active=True, targets__role="lead").exists()


def test_a_lost_person_has_an_office_in_every_community(moment):
    path = Category.objects.get(qualified="emergency.lost-person").path
    for community in Area.objects.current().filter(level=Area.Level.COMMUNITY, code__endswith="1"):
        areas = ("440104", community.code[:9], community.code)
        answer = plan(Facts(path, areas, "P1", "app", moment.now()))
        assert [target.department.code for target in answer.targets] == [
            f"{community.code[:9]}-emergency",
            f"{community.code[:9]}-police",
            f"{community.code}-committee",
        ]


def test_an_event_without_a_place_falls_to_the_command_centre(moment):
    lead, supports = offices("emergency.lost-person", moment, areas=("440104",))
    assert lead == "440104-command"
    assert supports == set()


def test_what_everybody_returned_falls_back_and_says_so(moment):
    category = Category.objects.get(qualified="event.0406")
    areas = ("440104", "440104001", "440104001112")
    answer = plan(Facts(category.path, areas, "P3", "app", moment.now()), exclude=[CITYOPS])
    assert answer.fallback
    assert answer.targets[0].department.code == EMERGENCY
