"""In the demo district every kind of event goes somewhere, and to the right ones."""

import pytest

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


def test_no_class_is_without_a_route_in_any_street(moment):
    streets = Area.objects.current().filter(level=Area.Level.STREET).prefetch_related("children")
    classes = Category.objects.filter(selectable=True).order_by("pk")
    for number, street in enumerate(streets):
        community = street.children.first().code
        # Every street meets all emergencies and its share of the other classes.
        share = [c for c in classes if c.scheme == "emergency" or c.pk % len(streets) == number]
        for category in share:
            facts = Facts(
                category.path, ("440104", street.code, community), "P3", "app", moment.now()
            )
            answer = plan(facts)
            assert not answer.fallback, (category, street)
            assert answer.targets[0].role == "lead"
            assert all(
                area.code in (*facts.areas, "440104")
                for target in answer.targets
                for area in target.department.areas.all()
            )


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
