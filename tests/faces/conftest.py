"""What the tests of the live faces share: a desk, a wall, a colleague, a report at the door."""

import io
import uuid

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import BEIYUAN
from tests.browser import DESK

WALL = {"width": 1920, "height": 1080}
LOST = "emergency.lost-person"
# Many browsers on a small machine: patience, not a promise about speed.
expect.set_options(timeout=20_000)


@pytest.fixture
def report_at():
    """Report an event at a server's door; returns its JSON."""

    def send(server, username="grid.beiyuan", **fields):
        body = {
            "client_id": str(uuid.uuid4()),
            "text": "北园小学门口有男童走失",
            "category": LOST,
            "location": {**BEIYUAN, "crs": "WGS84", "accuracy_m": 12},
            **fields,
        }
        with server.client_of(username) as client:
            answer = client.post("/api/v1/reports/", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return send


@pytest.fixture
def act_at():
    """Do an action at a server's door, as somebody without a screen would."""

    def act(server, username, number, action, **body):
        with server.client_of(username) as client:
            answer = client.post(f"/api/v1/events/{number}/{action}/", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return act


@pytest.fixture
def colleague():
    """A second officer beside `of`, in the same department; returns the username."""

    def create(server, of="duty.hongqiao", username="duty2.hongqiao", name="王芳"):
        server.manage(
            "shell",
            "-c",
            "from django.contrib.auth.models import User\n"
            "from dispatch.models import Officer\n"
            f"first = Officer.objects.get(user__username={of!r})\n"
            f"user = User.objects.create(username={username!r}, password=first.user.password)\n"
            f"Officer.objects.create(user=user, name={name!r}, role=first.role,"
            " department=first.department)\n",
        )
        return username

    return create


@pytest.fixture
def desk_of(people):
    """Opens somebody's desk and waits until its line is live."""

    def open_desk(server, username, size=DESK, **options):
        page = people(server, username, size=size, path="/desk/", **options)
        page.locator("#line[data-state=live]").wait_for()
        return page

    return open_desk


@pytest.fixture
def wall_of(people):
    """Opens somebody's wall and waits until its line is live."""

    def open_wall(server, username="supervisor.hongqiao", size=WALL, **options):
        page = people(server, username, size=size, path="/wall/", **options)
        page.locator("#line[data-state=live]").wait_for()
        return page

    return open_wall


@pytest.fixture
def photo(tmp_path):
    """The path of a photo."""
    path = tmp_path / "scene.jpg"
    picture = Image.new("RGB", (640, 480), "#7a8894")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG")
    path.write_bytes(buffer.getvalue())
    return path


def row(page, number):
    """The queue's row of an event."""
    return page.locator(f".row[data-number='{number}']")


def entry(page, text):
    """What the open event's timeline says."""
    return page.locator(".chat").get_by_text(text)
