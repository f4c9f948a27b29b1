"""Whatever comes in: an answer in GeoReport's form, never a stumble, nothing half done."""

import json
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.models import Event
from integrations.models import InboundMessage, Service, ServiceRequest
from integrations.open311.formats import as_json, as_xml
from tests.open311.app import BASE, FORM, App, spark, texts

pytestmark = pytest.mark.django_db
strange = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", "\x00", "1e400", "-0", "١٢", "9" * 400, "' OR ''='", "%s{0}", "\ud7ff\ue000"]
    ),
)
FIELDS = st.sampled_from(
    [
        "api_key",
        "service_code",
        "lat",
        "long",
        "address_string",
        "address_id",
        "email",
        "phone",
        "first_name",
        "description",
        "media_url",
        "jurisdiction_id",
        "attribute[LAMP_FAULT]",
        "attribute[LAMP_FAULT][]",
        "attribute[POLE_NUMBER]",
        "attribute[]",
        "attribute[[x]]",
    ]
)
PARAMETERS = st.sampled_from(
    ["service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size"]
)


@strange
@given(fields=st.dictionaries(FIELDS, WORDS, max_size=6), form=st.sampled_from(["json", "xml"]))
def test_any_post_is_taken_whole_or_refused_whole(fields, form):
    app = App()
    usual = {"service_code": "component.0137", "attribute[LAMP_FAULT]": "dark"}
    body = urlencode(app.fields(**usual) | fields)
    before = Event.objects.count()
    answer = app.client.post(f"{BASE}requests.{form}", body, content_type=FORM)
    content = json.loads(answer.content) if form == "json" else spark(answer.content)
    assert answer.status_code in (200, 400, 403, 404), content
    taken = answer.status_code == 200
    assert ("service_request_id" in content[0]) == taken
    assert Event.objects.count() <= before + taken
    assert Event.objects.count() == ServiceRequest.objects.count()
    assert not InboundMessage.objects.exclude(state="done").exists()
    app.get("requests", "xml")


@strange
@given(params=st.dictionaries(PARAMETERS, WORDS, max_size=4))
def test_any_question_is_answered(params):
    app = App()
    answer = app.client.get(f"{BASE}requests.xml", params)
    assert answer.status_code in (200, 400)
    ElementTree.fromstring(answer.content)  # noqa: S314 - our own


@strange
@given(path=st.text(max_size=20), resource=st.sampled_from(["services", "requests", "tokens", ""]))
def test_any_address_is_answered(path, resource):
    answer = App().client.get(f"{BASE}{resource}/{quote(path)}.json")
    assert answer.status_code in (200, 404)
    assert json.loads(answer.content)


@pytest.mark.parametrize(
    "text", ["\x0b\x1b[31m红", "\ufffe\uffff末", "]]>&<\"'", "a\r\nb\tc", "𠀀🚧"]
)
def test_what_xml_cannot_hold_is_left_out_of_it(text):
    found = spark(as_xml("services", [{"service_name": text}]))
    kept = "".join(char for char in text if char not in "\x0b\x1b\ufffe\uffff")
    # A parser reads one line end for two.
    assert found == [{"service_name": kept.replace("\r\n", "\n")}]
    assert json.loads(as_json("services", [{"service_name": text}]))[0]["service_name"] == text


def test_half_a_character_is_no_stumble():
    broken = [{"service_name": "half \ud83d"}]
    assert spark(as_xml("services", broken)) == [{"service_name": "half "}]
    assert json.loads(as_json("services", broken)) == [{"service_name": "half ?"}]


def test_a_service_with_a_strange_name_does_not_spoil_the_list(app):
    Service.objects.filter(code="event.0201").update(name="<b>小广告</b>\x08 & 牛皮癣")
    listed = app.get("services")
    assert app.get("services", "xml") == [
        {**texts(service), "service_name": service["service_name"].replace("\x08", "")}
        for service in listed
    ]
