"""What every test may use. The demo district is in the test database from the start.

Database   `@pytest.mark.django_db`: the test's changes are rolled back (fast; the usual choice).
           `committed`: changes are committed, on_commit runs, threads and sockets see them; the
           database is put back afterwards. It replaces `django_db(transaction=True)`, which would
           empty the district, and is refused.
People     `user(username)`, `client_of(username)` → APIClient with that person's token,
           `report(username="grid.beiyuan", **fields)` → POST reports/ at BEIYUAN → the event.
Time       `moment.move(minutes=20)`; it is reset after each test.
Processes  `live_server_process` → Server (tests/product.py): url, live_url, token(name),
           client_of(name), manage(…), kill9(), restart(), pause(), stop(). `serve(NAME="value")`
           starts more of them, `module_server` is shared by a module's tests. All are over copies.
           `redis_server` → a Redis of the test's own (tests/servers.py): url, kill9(), start();
           `redis_url` → a Redis that stays.
Browser    `people` (tests/browser.py): people(server, "duty.hongqiao") → signed-in Playwright page,
           1440×900, or PHONE. A CSP violation or an error on a page's console fails the test.
Stacks     plain `pytest` runs on SQLite and the in-memory layer. `make test` runs every test on
           PostgreSQL and Redis too, but for those without a database and those marked `browser`;
           `both_stacks` asks for a browser test on both.
           By hand: TEST_STACK=server .venv/bin/python -m tests.servers .venv/bin/pytest …
"""

import os
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import TestCase
from django.test.utils import setup_databases, teardown_databases

from tests import BEIYUAN, database
from tests.servers import Redis

pytest_plugins = ("tests.product", "tests.browser", "tests.room")


def pytest_collection_modifyitems(config, items):
    """Refuse what would empty the district; browser tests last, and on the embedded stack only."""
    for item in items:
        for mark in item.iter_markers("django_db"):
            if mark.kwargs.get("transaction"):
                raise pytest.UsageError(f"{item.nodeid}: use the fixture `committed`")
    # Playwright's event loop lives in the main thread until the session ends; others go first.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    if os.environ.get("TEST_STACK") == "server":
        once = {item for item in items if runs_once(item)}
        config.hook.pytest_deselected(items=list(once))
        items[:] = [item for item in items if item not in once]


def runs_once(item):
    """Whether a test says nothing new on the second stack: no database in it, or a browser."""
    if item.get_closest_marker("both_stacks"):
        return False
    return not needs_database(item) or item.get_closest_marker("browser") is not None


def needs_database(item):
    """Whether a test reads the test database or a copy of it."""
    case = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or not {"db", "demo"}.isdisjoint(item.fixturenames)
        or (isinstance(case, type) and issubclass(case, TestCase))
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Name the stack beside a failure."""
    report = yield
    if report.failed:
        report.sections.append(("stack", os.environ.get("TEST_STACK", "embedded")))
    return report


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """The test database; pytest-django's own makes one only for tests that it knows to ask."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def demo(django_db_setup, django_db_blocker):
    """The demo district, loaded once into the test database: its template."""
    with django_db_blocker.unblock():
        call_command("demo", verbosity=0)
        template = database.keep()
        yield template
        template.forget()


@pytest.fixture(scope="session", autouse=True)
def _district_before_all_tests(request):
    """Load the district before the first test opens a transaction."""
    if any(needs_database(item) for item in request.session.items):
        request.getfixturevalue("demo")


@pytest.fixture
def committed(request, demo, django_db_blocker):
    """Commits are real; the database is put back after the test."""
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        pytest.fail("`committed` instead of django_db, not both")
    with django_db_blocker.unblock():
        yield
        database.put_back(demo)


@pytest.fixture
def moment():
    """The product's clock: moment.move(minutes=20), moment.now()."""
    from events import moment

    return moment


@pytest.fixture(autouse=True)
def _from_the_same_start(moment):
    """No test feels another one: the clock and the cache begin anew."""
    cache.clear()
    yield
    moment.reset()


@pytest.fixture
def media(settings, tmp_path):
    """The folder where attachments go in this test."""
    folder = tmp_path / "media"
    settings.MEDIA_ROOT = folder
    storages = {name: dict(storage) for name, storage in settings.STORAGES.items()}
    storages["default"]["OPTIONS"] = {**storages["default"]["OPTIONS"], "location": folder}
    settings.STORAGES = storages
    return folder


@pytest.fixture
def user():
    """The account of a username."""
    from django.contrib.auth import get_user_model

    return lambda username: get_user_model().objects.get_by_natural_key(username)


@pytest.fixture
def client_of(user, moment):
    """An API client that carries that person's token, as a phone app would."""
    from rest_framework.test import APIClient

    from dispatch.models import ApiToken

    def client(username):
        now = moment.now()
        token = ApiToken.issue(user(username), now, now + timedelta(days=30))
        return APIClient(HTTP_AUTHORIZATION=f"Token {token}")

    return client


@pytest.fixture
def report(client_of):
    """Report an event at the API's door; returns its JSON. Fields replace or add to the usual."""

    def send(username="grid.beiyuan", **fields):
        body = {
            "client_id": str(uuid.uuid4()),
            "text": "北园酒家门口井盖缺失",
            "location": {**BEIYUAN, "crs": "WGS84"},
            **fields,
        }
        answer = client_of(username).post("/api/v1/reports/", body, format="json")
        assert answer.status_code == 201, answer.content.decode()
        return answer.json()

    return send


@pytest.fixture(scope="session")
def redis_url():
    """A Redis that stays for the whole run."""
    if url := os.environ.get("TEST_REDIS_URL"):
        yield url
        return
    with Redis() as server:
        yield server.url


@pytest.fixture
def redis_server():
    """A Redis of this test's own, to kill and start again on the same port."""
    with Redis() as server:
        yield server
