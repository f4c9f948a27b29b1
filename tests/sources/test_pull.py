"""Tasks are pulled by the table's key, their pictures afterwards; nothing twice, nothing missed."""

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from events.models import Event
from integrations import http, pulls
from integrations.models import InboundMessage, Source
from tests.sources.feed import sample
from tests.sources.test_cityops import jpeg

pytestmark = pytest.mark.django_db

ROW = json.loads(sample("cityops", "15"))


class Centre:
    """The centre's table and its pictures, by HTTP."""

    def __init__(self):
        self.rows, self.pictures, self.asked, self.broken = [], {}, [], False

    def add(self, *keys):
        """New tasks under those keys."""
        self.rows += [ROW | {"TASKID": key, "TASKNUM": f"T-{key}"} for key in keys]

    def fetch(self, url, **_what):
        self.asked.append(url)
        if self.broken:
            raise http.Unreachable("连接不上对方：refused。")
        parts = urlsplit(url)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/tasks":
            after = int(asked.get("after", 0))
            found = [row for row in self.rows if row["TASKID"] > after][: int(asked["limit"])]
            return http.Answer(200, {"content-type": "application/json"}, _json({"data": found}))
        content = self.pictures.get(asked["tasknum"])
        if content is None:
            return http.Answer(404)
        return http.Answer(200, {}, _json([{"Content": content, "FileName": "a.jpg"}]))


def _json(data):
    return json.dumps(data, ensure_ascii=False).encode()


@pytest.fixture
def centre(monkeypatch):
    centre = Centre()
    monkeypatch.setattr(http, "fetch", centre.fetch)
    Source.objects.filter(code="cityops").update(
        pull_every_s=60,
        options={
            "url": "https://centre.example/tasks",
            "picture_url": "https://centre.example/pictures",
            "page": 2,
        },
    )
    return centre


@pytest.fixture
def round_(moment):
    """The next round of pulls."""

    def go():
        moment.move(minutes=2)
        pulls.tick()
        return Source.objects.get(code="cityops")

    return go


def known():
    return sorted(Event.objects.filter(source="cityops").values_list("external_id", flat=True))


def test_all_pages_are_taken_and_again_only_what_is_new(centre, round_):
    centre.add(3, 5, 9, 10, 11)
    assert round_().pull_cursor["after"] == "11"
    assert known() == ["T-10", "T-11", "T-3", "T-5", "T-9"]
    centre.add(12)
    round_()
    assert len(known()) == 6
    assert InboundMessage.objects.filter(source__code="cityops").count() == 6


def test_pictures_come_afterwards_and_one_that_is_late_is_asked_for_again(centre, round_, media):
    centre.add(1, 2)
    centre.pictures["T-1"] = base64.b64encode(jpeg()).decode()
    source = round_()
    assert source.pull_error == ""
    assert Event.objects.get(external_id="T-1").attachments.count() == 1
    assert Event.objects.get(external_id="T-2").attachments.count() == 0
    centre.pictures["T-2"] = base64.b64encode(jpeg((32, 32))).decode()
    assert round_().pull_cursor["pictures"] == []
    assert Event.objects.get(external_id="T-2").attachments.count() == 1


def test_a_task_without_a_picture_is_normal_and_not_asked_about_for_ever(centre, round_):
    centre.add(1)
    for _round in range(10):
        source = round_()
    assert source.pull_cursor["pictures"] == []
    assert sum("/pictures" in url for url in centre.asked) == 6


def test_a_centre_that_is_down_is_said_so_and_asked_again(centre, round_):
    centre.add(1)
    centre.broken = True
    assert "连接不上" in round_().pull_error
    centre.broken = False
    round_()
    assert round_().pull_error == ""
    assert known() == ["T-1"]


def test_a_task_that_cannot_be_read_keeps_no_other_out(centre, round_):
    centre.add(1, 2, 3)
    centre.rows[1]["TASKNUM"] = "9" * 130
    source = round_()
    assert (known(), source.pull_error) == (["T-1", "T-3"], "")
    assert InboundMessage.objects.get(state="quarantined").reason.startswith("编号超过")


def test_a_centre_that_pages_in_a_circle_does_not_hold_us(centre, round_, monkeypatch):
    centre.add(1, 2)
    everything, asked = http.Answer(200, {}, _json(centre.rows)), []
    monkeypatch.setattr(http, "fetch", lambda url, **_what: asked.append(url) or everything)
    Source.objects.filter(code="cityops").update(options={"url": "https://centre.example/tasks"})
    source = round_()
    assert (known(), source.pull_error, len(asked)) == (["T-1", "T-2"], "", 2)
