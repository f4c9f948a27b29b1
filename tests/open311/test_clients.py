"""Independent clients, unmodified, against a real server process.

`georeport` reads, in JSON and XML. `three` is older than Python 3 and also posts; all it needs is
the name of an iterator.
"""

import io
import itertools

import pytest
from georeport import GeoReport

from tests import BEIYUAN
from tests.attachments import samples
from tests.open311.app import KEY

# The library asks for Python 2's name of `filter` while it is imported.
itertools.ifilter = filter
from three import Three  # noqa: E402


@pytest.fixture(scope="module")
def endpoint(module_server):
    """The address of a server's GeoReport door."""
    return f"{module_server.url}/open311/v2"


@pytest.fixture
def three(endpoint):
    """The client that posts."""
    return Three(endpoint, api_key=KEY)


def post(three, **fields):
    """The one request of an answer to a post."""
    fields = {"service_code": "event.0201", "description": "小广告", **fields}
    (answer,) = three.post(**fields)
    return answer


def here(**fields):
    """A place, and whatever else."""
    return {"lat": BEIYUAN["lat"], "long": BEIYUAN["lon"], **fields}


def test_three_finds_its_way(three, endpoint):
    (found,) = three.discovery()["endpoints"]
    assert found["url"] == endpoint
    assert three.discovery(f"{endpoint}/discovery.json")
    services = {service["service_code"]: service for service in three.services()}
    assert services["event.0301"]["metadata"] is True
    definition = three.services("event.0301")
    assert [attribute["code"] for attribute in definition["attributes"]] == ["PERIODS", "DETAILS"]


def test_three_posts_and_reads_back(three):
    answer = post(three, address="小北路", name="San Zhang", phone="13800138000", **here())
    number = answer["service_request_id"]
    (found,) = three.request(number)
    assert (found["status"], found["description"]) == ("open", "小广告")
    assert number in [one["service_request_id"] for one in three.requests()]
    assert [one["service_request_id"] for one in three.requests("event.0201", count=1)]
    assert three.requests(status="closed") == []
    assert three.requests(between=["01-01-2020", "02-01-2020"]) == []
    assert "Zhang" not in str(found)


def test_three_posts_answers_to_questions(three):
    fields = here(description="夜里施工")
    answer = post(
        three, service_code="event.0301", **fields, **{"attribute[PERIODS][]": ["night", "noon"]}
    )
    assert answer["service_request_id"]
    (error,) = three.post("event.0301", **fields)
    assert error["code"] == 400
    assert "PERIODS" in error["description"]


def test_three_posts_a_picture(three, module_server):
    picture = io.BytesIO(samples.jpeg())
    picture.name = "photo.jpg"
    answer = post(three, media=picture, **here(description="拍到的小广告"))
    with module_server.client_of("supervisor") as supervisor:
        event = supervisor.get(f"/api/v1/events/{answer['service_request_id']}/").json()
    assert [file["kind"] for file in event["attachments"]] == ["photo"]


def test_three_is_told_what_is_wrong_with_its_key(endpoint):
    (error,) = Three(endpoint, api_key="no such key").post("event.0201", **here())
    assert error["code"] == 403


def test_three_resolves_a_token(endpoint, module_server):
    printed = module_server.manage("open311_key", "批量应用", "--tokens")
    batch = Three(endpoint, api_key=printed.split()[-1])
    answer = post(batch, **here(description="按令牌查"))
    assert set(answer) == {"token", "service_notice", "account_id"}
    (found,) = batch.token(answer["token"])
    (request,) = batch.request(found["service_request_id"])
    assert request["description"] == "按令牌查"


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_everything(endpoint, three, form):
    first = post(three, **here(description=f"第一处 {form}"))["service_request_id"]
    second = post(three, **here(description=f"<第二处> & {form}"))["service_request_id"]
    client = GeoReport(endpoint, output_format=form)
    assert len(client.get_service_list()) == 20
    assert client.get_service_definition("component.0137")["service_code"] == "component.0137"
    found = client.get_service_requests()
    assert [one["service_request_id"] for one in found[:2]] == [second, first]
    assert client.get_service_request(second)["description"] == f"<第二处> & {form}"
    both = client.get_service_requests(service_request_id=f"{first},{second}")
    assert [one["service_request_id"] for one in both] == [first, second]
    assert float(both[0]["lat"]) == BEIYUAN["lat"]
    closed = client.get_service_requests(
        service_code="event.0201", status="open,closed", start_date=found[0]["requested_datetime"]
    )
    assert second in str(closed)
