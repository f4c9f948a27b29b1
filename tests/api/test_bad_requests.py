"""Every refusal is a problem+json that a person can act on, and nothing is half done."""

import json
from datetime import timedelta

import pytest

from dispatch.models import ApiToken, Assignment, IdempotencyKey
from events.models import Event, TimelineEntry
from tests import PASSWORD
from tests.room import sample

pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/reports/"


def rows():
    """How much there is of what requests write."""
    return [t.objects.count() for t in (Event, TimelineEntry, Assignment, IdempotencyKey)]


def check_problem(answer, status):
    """The problem in an answer, in the form of RFC 9457."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["type"] == "about:blank" or problem["type"].startswith("urn:xianfeng:problem:")
    return problem


@pytest.fixture
def raw(room):
    """Sends bytes as a JSON body; looks that they were refused and changed nothing."""

    def send(body, status, path=REPORTS, **headers):
        before = rows()
        client = room.client("grid.beiyuan")
        answer = client.post(path, body, content_type="application/json", **headers)
        problem = check_problem(answer, status)
        assert rows() == before
        return problem

    return send


def test_ten_megabytes_of_json_are_too_large(raw):
    problem = raw(json.dumps(sample(text="长" * 3_400_000), ensure_ascii=False).encode(), 413)
    assert "1024 KiB" in problem["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"text": "a" "b"}',
        b"[]",
        b"[1, 2]",
        b'"text"',
        b"5",
        b"null",
        b"true",
        b"\xff\xfe\x00",
        b'{"text": "\xff"}',
        b'{"location": {"lon": NaN, "lat": 23}}',
        b'{"location": {"lon": Infinity, "lat": 23}}',
        b'{"location": {"lon": -Infinity, "lat": 23}}',
        b'{"a": ' + b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"a": ' + b"9" * 10_000 + b"}",
    ],
    ids=range(16),
)
def test_what_is_no_json_object_is_refused(body, raw):
    raw(body, 400)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("location", '{"lon": 1e999, "lat": 23.1}'),
        ("location", '{"lon": 113.2, "lat": 23.1, "accuracy_m": 1e999}'),
        ("location", '{"lon": 113.2, "lat": 23.1, "accuracy_m": -1e999}'),
        ("location", '{"lon": true, "lat": {}}'),
        ("location", "[113.2, 23.1]"),
        ("location", '"here"'),
        ("text", '["a"]'),
        ("text", '{"a": 1}'),
        ("text", "true"),
        ("text", "null"),
        ("address", "[]"),
        ("category", "[]"),
        ("category", r'"emergency.fire\u0000"'),
        ("category", r'"\ud800"'),
        ("priority", '"P0"'),
        ("priority", "1"),
        ("priority", "null"),
        ("attachments", '"abc"'),
        ("attachments", "[1e999]"),
        ("attachments", "{}"),
        ("occurred_at", "[]"),
        ("occurred_at", "1e300"),
        ("occurred_at", '"2026-13-45T99:00:00Z"'),
    ],
)
def test_fields_of_a_wrong_type_are_refused_by_name(field, value, raw):
    body = json.dumps(sample(**{field: "@"})).replace('"@"', value)
    problem = raw(body.encode(), 422)
    assert any(name.startswith(field) for name in problem["errors"])


@pytest.mark.parametrize("value", ["1", 1.5, True, [], {}, "latest"])
def test_a_version_is_a_whole_number(value, room):
    number = room.report()["number"]
    problem = check_problem(room.act("duty.hongqiao", number, "claim", version=value), 422)
    assert "version" in problem["errors"]
    assert room.event(number)["state"] == "registered"


@pytest.mark.parametrize("version", [10**30, -1, 0, 2**63])
def test_a_version_of_another_world_is_a_conflict(version, room):
    number = room.report()["number"]
    check_problem(room.act("duty.hongqiao", number, "claim", version=version), 409)


BODIES = {
    "post": [{}, {"text": ""}, {"text": " \x00"}, {"text": "x", "attachments": ["x"]}],
    "attach": [{}, {"attachments": []}, {"attachments": "x"}],
    "return": [{}, {"reason": ""}, {"reason": "长" * 501}],
    "transfer": [
        {"department": "440104-water"},
        {"reason": "x"},
        {"department": None, "reason": "x"},
        {"department": "x\x00", "reason": "x"},
        {"department": ["440104-water"], "reason": "x"},
    ],
    "request_support": [
        {"departments": [], "reason": "x"},
        {"departments": "440104-water", "reason": "x"},
        {"departments": [None], "reason": "x"},
        {"departments": [["a"]], "reason": "x"},
        {"departments": ["440104-water"] * 21, "reason": "x"},
    ],
}


@pytest.mark.parametrize(
    ("action", "body"), [(action, body) for action, bodies in BODIES.items() for body in bodies]
)
def test_an_action_without_what_it_needs_is_refused(action, body, room):
    number = room.claimed()["number"]
    before = room.event(number)
    problem = check_problem(room.act("duty.hongqiao", number, action, **body), 422)
    assert problem["errors"]
    assert room.event(number) == before


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("supervise", {}),
        ("supervise", {"level": None}),
        ("instruct", {"text": ""}),
        ("hold", {"reason": "x", "until": "soon"}),
        ("hold", {"reason": "x", "until": "9999-12-31T23:59:59-12:00"}),
        ("hold", {"reason": "x", "until": "0001-01-01T00:00:00+14:00"}),
        ("hold", {"reason": "x", "until": "0001-01-01T00:00:00+08:00"}),
    ],
)
def test_a_supervisor_is_told_as_well(action, body, room):
    number = room.claimed()["number"]
    check_problem(room.act("supervisor", number, action, **body), 422)


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("reclassify", {"category": "no.such"}),
        ("reclassify", {"category": "emergency.fire\x00"}),
        ("relocate", {}),
        ("relocate", {"location": None, "address": " "}),
        ("relocate", {"location": {"lon": 23.1, "lat": 113.2}}),
        ("merge", {}),
        ("merge", {"into": 5.5}),
        ("merge", {"into": "\x00"}),
        ("unmerge", {"number": ""}),
        ("cancel", {"reason": "\u202e"}),
    ],
)
def test_a_dispatcher_is_told_as_well(action, body, room):
    number = room.claimed()["number"]
    before = room.event(number)
    check_problem(room.act("dispatcher", number, action, **body), 422)
    assert room.event(number) == before


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("post", "events/{}/explode/", 404),
        ("post", "events/{}/actions/", 405),
        ("post", "events/{}/", 405),
        ("get", "events/{}/claim/", 405),
        ("delete", "events/{}/", 405),
        ("put", "events/{}/claim/", 405),
        ("get", "reports/", 405),
        ("post", "events/", 405),
        ("post", "desk/", 405),
        ("get", "nothing/", 404),
        ("get", "events/{}/claim", 404),
        ("post", "reports", 404),
        ("get", "events/YX20200101-000000/", 404),
        ("get", "events/%00/", 404),
        ("get", "events/%00/timeline/", 404),
        ("get", "events/" + "9" * 300 + "/", 404),
        ("get", "attachments/00000000-0000-0000-0000-000000000000/", 404),
        ("get", "attachments/1/", 404),
        ("post", "events/%00/claim/", 404),
        ("get", "events/{}/timeline/?after=-1", 422),
        ("get", "events/{}/timeline/?after=x", 422),
        ("get", "events/{}/timeline/?after=" + "9" * 19, 422),
        ("get", "events/{}/timeline/?limit=0", 422),
        ("get", "events/{}/nearby/?kind=unicorn", 422),
        ("get", "events/{}/nearby/?radius_m=-5", 422),
        ("get", "log/?after=½", 422),
        ("get", "areas/?level=planet", 422),
        ("post", "geo/locate/", 422),
    ],
)
def test_what_is_not_there_is_said_clearly(method, path, status, room):
    number = room.report()["number"]
    client = room.client("duty.hongqiao")
    answer = getattr(client, method)(
        "/api/v1/" + path.format(number), **({"format": "json"} if method == "post" else {})
    )
    check_problem(answer, status)
    if status == 405:
        assert answer["Allow"]


@pytest.mark.parametrize("after", ["999999999999999999", "2147483648", "9223372036854775807"[:18]])
def test_a_place_beyond_the_end_is_no_error(after, room):
    number = room.report()["number"]
    answer = room.get("duty.hongqiao", f"events/{number}/timeline/", after=after)
    assert answer == {"results": [], "next": None}
    assert room.get("duty.hongqiao", "log/", after=after)["recovered"] is False


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/xml"])
def test_a_body_that_is_no_json_is_refused(kind, room):
    answer = room.client("grid.beiyuan").post(REPORTS, "text=x", content_type=kind)
    check_problem(answer, 415)


# Who are you?


def token_of(user, moment, **lifetime):
    now = moment.now()
    return ApiToken.issue(user("grid.beiyuan"), now, now + timedelta(**lifetime))


def visit(client, authorization):
    headers = {} if authorization is None else {"HTTP_AUTHORIZATION": authorization}
    return [
        client.get("/api/v1/desk/", **headers),
        client.post(REPORTS, sample(), content_type="application/json", **headers),
    ]


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Token",
        "Token ",
        "Token a b",
        "Token unknown",
        "Token \xff\xfe",
        "Token " + "x" * 10_000,
        "Bearer unknown",
        "Basic Z3JpZC5iZWl5dWFuOnhpYW5mZW5nLWRlbW8=",
    ],
)
def test_without_a_good_token_nobody_comes_in(authorization, client):
    for answer in visit(client, authorization):
        problem = check_problem(answer, 401)
        assert answer["WWW-Authenticate"] == "Token"
        assert "unknown" not in problem["detail"]
    assert not Event.objects.exists()


def test_an_expired_token_is_refused_and_says_so(client, user, moment):
    token = token_of(user, moment, days=30)
    assert client.get("/api/v1/desk/", HTTP_AUTHORIZATION=f"Token {token}").status_code == 200
    moment.move(days=30)
    for answer in visit(client, f"Token {token}"):
        assert "过期" in check_problem(answer, 401)["detail"]


def test_the_token_of_a_disabled_account_is_refused_at_once(client, user, moment):
    token = token_of(user, moment, days=30)
    person = user("grid.beiyuan")
    person.is_active = False
    person.save()
    for answer in visit(client, f"Token {token}"):
        check_problem(answer, 401)


def test_a_session_needs_its_csrf_token(user, client):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user("grid.beiyuan"), backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/api/v1/desk/").status_code == 200
    check_problem(browser.post(REPORTS, sample(), content_type="application/json"), 403)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "grid.beiyuan", "password": PASSWORD}, 200),
        ({"username": "grid.beiyuan", "password": "wrong"}, 401),
        ({"username": "nobody", "password": PASSWORD}, 401),
        ({"username": "grid.beiyuan\x00", "password": PASSWORD}, 422),
        ({"username": "grid.beiyuan"}, 422),
        ({"username": ["grid.beiyuan"], "password": PASSWORD}, 422),
        ({}, 422),
    ],
)
def test_a_token_is_given_for_name_and_password(body, status, client):
    answer = client.post("/api/v1/auth/token/", body, content_type="application/json")
    if status == 200:
        token = answer.json()["token"]
        visitor = client.get("/api/v1/me/", HTTP_AUTHORIZATION=f"Token {token}")
        assert visitor.json()["username"] == "grid.beiyuan"
        assert not ApiToken.objects.filter(digest=token).exists()
    else:
        check_problem(answer, status)


def test_a_disabled_account_gets_no_token(client, user):
    person = user("grid.beiyuan")
    person.is_active = False
    person.save()
    body = {"username": "grid.beiyuan", "password": PASSWORD}
    check_problem(client.post("/api/v1/auth/token/", body, content_type="application/json"), 401)


def test_a_problem_is_said_in_the_readers_language(room):
    client = room.client("duty.hongqiao")
    chinese = client.get("/api/v1/events/none/").json()["detail"]
    assert chinese == "没有这个事件，或你无权查看。"
