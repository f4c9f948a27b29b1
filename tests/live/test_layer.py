"""Between processes: the channel layer may be slow, away or lying; nobody misses an entry."""

import random
import threading
import uuid

import pytest

from events.tail import hints
from events.tail import meters as counts
from tests import BEIYUAN
from tests.live import meters
from tests.product import Server

DUTY, MINE = "duty.hongqiao", "d:440104001-emergency"
QUIET_SECONDS = 15


@pytest.fixture
def second(tmp_path):
    """Starts another process over the same database and layer."""
    started = []

    def start(first):
        folder = tmp_path / "second"
        folder.mkdir()
        environment = {
            name: first.environment[name]
            for name in ("REDIS_URL", "REDIS_PREFIX", "XIANFENG_STATIC", "DJANGO_SETTINGS_MODULE")
        }
        server = Server(folder, first.environment["DATABASE_URL"], **environment)
        server.tokens = first.tokens
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.stop()
        print(server.log.read_text()[-5_000:])


def report(server):
    """Report something at 北园; the status of the answer."""
    body = {
        "client_id": str(uuid.uuid4()),
        "text": "井盖缺失",
        "location": {**BEIYUAN, "crs": "WGS84"},
    }
    with server.client_of("grid.beiyuan") as phone:
        return phone.post("/api/v1/reports/", json=body).status_code


def test_after_a_long_silence_the_next_hint_still_arrives(
    serve, redis_server, ledger_of, screens_of
):
    server = serve(REDIS_URL=redis_server.url)
    ledger = ledger_of(server)
    screen = screens_of(server)(DUTY)
    screen.subscribe("desk")
    with pytest.raises(TimeoutError):
        screen.socket.recv(QUIET_SECONDS)
    before = meters.read(server, "entries_total", found="hint")
    for _time in range(5):
        screen.reach(ledger.post(audience=[MINE]))
    assert meters.read(server, "entries_total", found="hint") > before


def test_a_commit_in_the_same_process_wakes_its_hub(screens, module_server):
    screen = screens("dispatcher")
    screen.subscribe("desk")
    before = meters.read(module_server, "entries_total", found="hint")
    for _time in range(3):
        assert report(module_server) == 201
        screen.until("entry")
    assert meters.read(module_server, "entries_total", found="hint") > before


@pytest.mark.chaos
def test_with_a_lying_layer_every_client_ends_with_the_same_timeline(
    serve, second, redis_server, ledger_of, screens_of
):
    first = serve(REDIS_URL=redis_server.url, DJANGO_SETTINGS_MODULE="tests.live.lying")
    other = second(first)
    ledger, screens = ledger_of(first), screens_of(first)
    start = ledger.position()
    chance = random.Random(11)
    watching = [screens(DUTY, server=server) for server in (first, first, other, other)]
    for screen in watching:
        screen.subscribe("desk", position=start)
    wandering, walked = start, []
    ledger.begin("post", count=300, audience=[MINE], pause=0.01)
    for _visit in range(15):
        screen = screens(DUTY, server=chance.choice([first, other]))
        screen.subscribe("desk", position=wandering)
        screen.say("ping")
        screen.until("top")
        screen.socket.close()
        walked += screen.offsets
        wandering = screen.position
    top = ledger.answer()
    last = screens(DUTY, server=other)
    last.subscribe("desk", position=wandering)
    walked += last.reach(top).offsets
    everything = ledger.visible(tokens=[MINE])
    assert walked == everything
    for screen in watching:
        assert screen.reach(top).offsets == everything


@pytest.mark.chaos
def test_a_redis_that_dies_and_returns_costs_no_entry(
    serve, second, redis_server, ledger_of, screens_of
):
    first = serve(REDIS_URL=redis_server.url)
    other = second(first)
    ledger, screens = ledger_of(first), screens_of(first)
    watching = [screens(DUTY, server=server) for server in (first, other)]
    for screen in watching:
        screen.subscribe("desk", position=ledger.position())
    ledger.begin("post", count=300, audience=[MINE], pause=0.02)
    while len(watching[1].entries) < 50:
        watching[1].hear()
    redis_server.kill9()
    assert report(first) == 201
    newcomer = screens(DUTY, server=other)
    newcomer.subscribe("desk")
    while len(watching[1].entries) < 150:
        watching[1].hear()
    redis_server.start()
    top = ledger.answer()
    everything = ledger.visible(tokens=[MINE])
    for screen in watching:
        assert screen.reach(top).offsets == everything
    # And hints work again.
    before = meters.read(other, "entries_total", found="hint")

    def heard():
        watching[1].reach(ledger.post(audience=[MINE]))
        return meters.read(other, "entries_total", found="hint") > before

    meters.until(heard)


def test_people_in_two_processes_see_each_other(serve, second, redis_server, ledger_of, screens_of):
    first = serve(REDIS_URL=redis_server.url)
    other = second(first)
    screens = screens_of(first)
    ledger_of(first).post(audience=["a:440104"], event="YX-ROOM")
    here, there = screens("dispatcher"), screens("auditor", server=other)
    for screen in (here, there):
        screen.subscribe("event:YX-ROOM")

    def seen():
        here.say("here", event="YX-ROOM", typing=False)
        here.reach(0)
        there.reach(0)
        return there.ops("here")

    meters.until(seen)
    here.socket.close()
    assert there.until("here")["people"] == []


def test_a_hint_that_cannot_be_sent_is_counted_and_costs_its_request_nothing(settings):
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": ["redis://127.0.0.1:1/0"]},
        }
    }
    before = counts.HINT_FAILURES._value.get()
    hints.hint(1, 1)
    meters.until(lambda: counts.HINT_FAILURES._value.get() > before)


def test_a_layer_that_fails_in_an_unknown_way_ends_no_courier(monkeypatch):
    sent, failed = [], threading.Event()

    class FickleLayer:
        async def group_send(self, group, message):
            if not failed.is_set():
                failed.set()
                raise AttributeError("nobody has thought of this")
            sent.append(message["top"])

    monkeypatch.setattr(hints, "shared_layer", FickleLayer)
    courier = hints.Courier()
    courier.carry(1, 1)
    assert failed.wait(meters.PATIENCE)

    def arrived():
        courier.carry(1, 2)
        return sent

    meters.until(arrived)


def test_hints_of_one_log_that_wait_become_one(monkeypatch, settings):
    sent, busy, done = [], threading.Event(), threading.Event()

    class SlowLayer:
        async def group_send(self, group, message):
            sent.append(message["top"])
            busy.set()
            done.wait(meters.PATIENCE)

    monkeypatch.setattr(hints, "shared_layer", SlowLayer)
    courier = hints.Courier()
    courier.carry(1, 1)
    busy.wait(meters.PATIENCE)
    for top in range(2, 1000):
        courier.carry(1, top)
    done.set()
    meters.until(lambda: len(sent) > 1)
    assert sent == [1, 999]
