"""Where a warning is: shapes, codes, names."""

from datetime import timedelta

import pytest

from integrations.models import Warning
from tests.flood.alerts import DISTRICT, FAR, alert, iso
from tests.flood.senders import taken

pytestmark = pytest.mark.django_db
XML = "application/xml"


def test_two_megabytes_are_taken():
    point = "23.1{0:05d},113.2{0:05d} "
    line = "".join(point.format(n) for n in range(40_000))
    long = alert(
        area=f"<areaDesc>越秀区</areaDesc><polygon>{line}23.2,113.1 23.100000,113.200000</polygon>"
    )
    body = long.replace("强降水", "强降水" * 100_000)
    assert len(body.encode()) > 1_700_000
    taken(body, XML)
    warning = Warning.objects.get()
    assert len(warning.description) == 20_000
    assert sum(len(ring) for part in warning.geometry["coordinates"] for ring in part) < 3000


@pytest.mark.parametrize(
    ("area", "here"),
    [
        (f"<areaDesc>x</areaDesc><polygon>{DISTRICT}</polygon>", True),
        (f"<areaDesc>x</areaDesc><polygon>{FAR}</polygon>", False),
        ("<areaDesc>x</areaDesc><circle>23.13,113.27 2</circle>", True),
        ("<areaDesc>x</areaDesc><circle>22.13,113.27 2.5</circle>", False),
        (
            "<areaDesc>x</areaDesc><geocode><valueName>a</valueName><value>440100000000</value></geocode>",
            True,
        ),
        (
            "<areaDesc>x</areaDesc><geocode><valueName>a</valueName><value>440106000000</value></geocode>",
            False,
        ),
        ("<areaDesc>广州市越秀区、荔湾区</areaDesc>", True),
        ("<areaDesc>某地</areaDesc>", None),
    ],
)
def test_where_it_is_comes_from_shapes_codes_or_names(area, here):
    taken(alert(area=area), XML)
    assert Warning.objects.get().here is here


@pytest.mark.parametrize(
    "shape",
    [
        "<polygon>23.1,113.2 23.2,113.2 23.1,113.2</polygon>",
        "<polygon>23.1,113.2 23.2,x 23.1,113.3 23.1,113.2</polygon>",
        "<polygon>123.1,213.2 23.2,113.2 23.1,113.3 23.1,113.2</polygon>",
        "<polygon>23.1,113.2 23.2,113.2 23.3,113.2 23.1,113.2</polygon>",
        "<circle>23.1,113.2</circle>",
        "<circle>23.1,113.2 0</circle>",
        "<circle>23.1,113.2 99999</circle>",
    ],
)
def test_a_shape_that_cannot_be_is_left_out_and_the_warning_kept(shape):
    taken(alert(area=f"<areaDesc>越秀区</areaDesc>{shape}"), XML)
    warning = Warning.objects.get()
    assert (warning.geometry, len(warning.notes)) == (None, 1)
    assert warning.here is True


def test_an_outline_that_is_not_closed_or_has_longitude_first_is_understood():
    turned = " ".join(",".join(reversed(pair.split(","))) for pair in DISTRICT.split()[:-1])
    taken(alert(area=f"<areaDesc>越秀区</areaDesc><polygon>{turned}</polygon>"), XML)
    ((ring,),) = Warning.objects.get().geometry["coordinates"]
    assert {tuple(point) for point in ring} == {
        (113.24, 23.1),
        (113.32, 23.1),
        (113.32, 23.17),
        (113.24, 23.17),
    }


def test_blocks_of_one_language_are_put_together(moment):
    at = moment.now()
    block = (
        "<info><language>{}</language><event>{}</event><severity>{}</severity>"
        "<expires>{}</expires>{}</info>"
    )
    area = f"<area><areaDesc>甲</areaDesc><polygon>{FAR}</polygon></area>"
    ours = f"<area><areaDesc>乙</areaDesc><polygon>{DISTRICT}</polygon></area>"
    info = (
        block.format("en", "Rainstorm", "Minor", iso(at + timedelta(hours=9)), "")
        + block.format("zh-CN", "暴雨", "Moderate", iso(at + timedelta(hours=2)), area)
        + block.format("zh-CN", "暴雨", "Extreme", iso(at + timedelta(hours=3)), ours)
    )
    taken(alert(info=info), XML)
    warning = Warning.objects.get()
    assert (warning.name, warning.severity, warning.here) == ("暴雨", "Extreme", True)
    assert warning.expires == (at + timedelta(hours=3)).replace(microsecond=0)
    assert len(warning.geometry["coordinates"]) == 2
