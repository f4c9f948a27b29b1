"""Discovery, the list of services, and their questions; the same in JSON and XML."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Category
from integrations.models import Service, ServiceAttribute, Source
from tests.open311.app import App, texts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    ["discovery", "services", "services/component.0123", "services/event.0201", "services/nothing"],
)
def test_xml_and_json_say_the_same(app, path):
    status, content = app.ask(path)
    assert app.ask(path, "xml") == (status, texts(content))


def test_discovery_names_this_endpoint(app):
    found = app.get("discovery")
    (endpoint,) = found["endpoints"]
    assert endpoint == {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": "http://testserver/open311/v2",
        "changeset": found["changeset"],
        "type": "test",
        "formats": ["text/xml", "application/json"],
    }
    assert all(found[name] for name in ("changeset", "contact", "key_service"))


def test_the_changeset_moves_when_a_service_changes(app, moment):
    before = app.get("discovery")["changeset"]
    moment.move(minutes=5)
    Service.objects.get(code="event.0201").save()
    assert app.get("discovery")["changeset"] > before


def test_services_are_a_bare_list_in_their_order(app):
    services = app.get("services")
    assert services[0] == {
        "service_code": "component.0123",
        "service_name": "井盖缺失、破损",
        "description": "井盖丢失、松动、破损或下沉。",
        "metadata": True,
        "type": "realtime",
        "keywords": "井盖,窨井,下水道",
        "group": "道路设施",
    }
    assert len(services) == 20
    assert {service["service_code"] for service in services if service["metadata"]} == {
        "component.0123",
        "component.0137",
        "event.0113",
        "event.0301",
        "event.0493",
        "event.0506",
    }


def test_a_definition_lists_questions_and_options(app):
    found = app.get("services/component.0137")
    assert found["service_code"] == "component.0137"
    fault, pole, note = found["attributes"]
    assert fault == {
        "variable": True,
        "code": "LAMP_FAULT",
        "datatype": "singlevaluelist",
        "required": True,
        "datatype_description": None,
        "order": 1,
        "description": "路灯有什么问题？",
        "values": [
            {"key": "dark", "name": "不亮"},
            {"key": "flicker", "name": "闪烁"},
            {"key": "day", "name": "白天亮灯"},
            {"key": "damaged", "name": "灯杆或灯罩损坏"},
        ],
    }
    assert (pole["order"], pole["required"], pole["values"]) == (2, False, [])
    assert note["variable"] is False


def test_a_service_without_questions_has_an_empty_definition(app):
    assert app.get("services/event.0201") == {"service_code": "event.0201", "attributes": []}


def test_what_is_switched_off_is_not_offered(app):
    Service.objects.filter(code="event.0201").update(active=False)
    Category.objects.filter(qualified="event.0401").update(active=False)
    offered = {service["service_code"] for service in app.get("services")}
    assert len(offered) == 18
    assert not {"event.0201", "event.0401"} & offered
    assert app.ask("services/event.0201")[0] == 404
    assert app.refused(404) == ["没有这个 service_code。"]


@pytest.mark.parametrize("code", ["nothing", "%00", "a%0Ab", "x" * 300, "..", "井盖"])
def test_an_unknown_service_is_not_found(app, code):
    status, (error,) = app.ask(f"services/{code}")
    assert (status, error["code"]) == (404, 404)


def test_the_list_costs_the_same_for_any_number_of_services(app):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            app.get("services")
        return len(queries)

    before = cost()
    category = Category.objects.get(qualified="event.0201")
    for number in range(10):
        service = Service.objects.create(code=f"more.{number}", name="更多", category=category)
        ServiceAttribute.objects.create(
            service=service, code="A", datatype="string", description="?", order=1
        )
    assert cost() == before <= 3


def test_an_emergency_class_is_no_service():
    fire = Category.objects.get(qualified="emergency.fire")
    with pytest.raises(ValidationError, match="应急"):
        Service(code="fire", name="火灾", category=fire).full_clean()


@pytest.mark.parametrize(
    ("datatype", "values"),
    [
        ("singlevaluelist", []),
        ("string", [{"key": "a", "name": "甲"}]),
        ("multivaluelist", [{"key": "a", "name": "甲"}, {"key": "a", "name": "乙"}]),
        ("multivaluelist", ["a"]),
        ("multivaluelist", {"a": "甲"}),
        ("multivaluelist", [{"key": 1, "name": "甲"}]),
    ],
)
def test_options_that_no_client_could_show_are_refused(datatype, values):
    service = Service.objects.get(code="event.0201")
    question = ServiceAttribute(
        service=service, code="A", datatype=datatype, description="?", order=1, values=values
    )
    with pytest.raises(ValidationError):
        question.full_clean()


def test_an_unknown_format_is_not_found_and_answered_in_xml(app):
    answer = app.client.get("/open311/v2/services.csv")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert b"<errors><error><code>404</code>" in answer.content


@pytest.mark.parametrize(
    "path", ["services", "requests", "", "nothing.json", "a\nb.xml", "x/y.json"]
)
def test_an_address_that_is_none_is_told_so_in_georeports_form(app, path):
    answer = app.client.get(f"/open311/v2/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith(("text/xml", "application/json"))
    assert b"description" in answer.content


def test_a_slash_at_the_end_is_no_fault(app):
    assert app.client.get("/open311/v2/services.json/").status_code == 200
    assert app.client.get("/open311/v2/services/event.0201.xml/").status_code == 200
    assert app.client.get("/open311/v2/SERVICES.json").status_code == 404
    assert app.client.get("/open311/v2/services.JSON").status_code == 200


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
def test_other_methods_are_refused_by_name(app, method):
    answer = getattr(app.client, method)("/open311/v2/services.json")
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    assert answer.json()[0]["code"] == 405


def test_an_unknown_jurisdiction_is_not_found_where_there_are_known_ones(app):
    assert app.get("services", jurisdiction_id="anything") == app.get("services")
    Source.objects.filter(code="open311").update(options={"jurisdictions": ["yuexiu.gov.cn"]})
    assert app.get("services", jurisdiction_id="yuexiu.gov.cn")
    assert app.get("services", jurisdiction_id="") == app.get("services")
    for path in ("services", "services/event.0201", "requests", "discovery"):
        status, (error,) = app.ask(path, jurisdiction_id="sfgov.org")
        assert (status, error["description"]) == (404, "没有这个 jurisdiction_id。")
    assert app.refused(404, jurisdiction_id="sfgov.org") == ["没有这个 jurisdiction_id。"]
    assert app.event(jurisdiction_id="yuexiu.gov.cn")


def test_a_district_that_does_not_offer_it_says_so(app):
    Source.objects.filter(code="open311").update(active=False)
    assert app.ask("services")[0] == app.ask("requests")[0] == 404
    assert app.refused(404) == ["Open311 接口没有启用。"]


def test_a_key_for_tokens_sees_services_of_the_batch_type(app, token_key):
    assert {service["type"] for service in app.get("services", api_key=token_key)} == {"batch"}
    assert {service["type"] for service in app.get("services", api_key=App().key)} == {"realtime"}
