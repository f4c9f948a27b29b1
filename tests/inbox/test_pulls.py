"""Sources that are asked: page by page, once, with a pause after trouble."""

import json

import pytest

from events.models import Event
from integrations import pulls
from integrations.models import InboundMessage, InboundState, Source
from tests.channels.stub import running
from tests.inbox.wire import envelope, incident

pytestmark = pytest.mark.django_db
ROWS = [json.loads(envelope(incident(id=f"P-{number}"))) for number in range(5)]


def page(handler):
    """The answer of a table that gives two rows at a time."""
    after = int(handler.path.rpartition("=")[2])
    handler.say(200, json.dumps(ROWS[after : after + 2]).encode())


@pytest.fixture
def table(settings, source):
    """The table on the other side."""
    with running(page) as stub:
        settings.XIANFENG_OUTBOUND_ALLOW = ["127.0.0.1"]
        source.options, source.pull_every_s = {"url": stub.url}, 60
        source.save()
        yield stub


def events():
    """The ids of the events that were taken."""
    return sorted(Event.objects.filter(source="wire").values_list("external_id", flat=True))


def test_everything_new_is_taken_page_by_page_and_then_there_is_a_pause(table, source, moment):
    assert pulls.tick() == 1
    assert events() == [f"P-{number}" for number in range(5)]
    assert len(table.requests) == 4
    assert pulls.tick() == 0
    moment.move(seconds=61)
    assert pulls.tick() == 1
    assert table.last.query == {"after": "5"}
    assert InboundMessage.objects.count() == 5


@pytest.mark.parametrize("step", ["receive", "process"])
def test_killed_anywhere_it_goes_on_where_it_was(table, monkeypatch, clock, step):
    class Killed(BaseException):
        pass

    real, calls = getattr(pulls, step), []

    def kill(*args):
        calls.append(args)
        if len(calls) == 4:
            raise Killed
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(pulls, step, kill)
        with pytest.raises(Killed):
            pulls.tick()
    assert pulls.tick() == 0
    clock(minutes=6)
    assert pulls.tick() == 1
    clock(minutes=2)
    assert events() == [f"P-{number}" for number in range(5)]
    assert InboundMessage.objects.filter(state=InboundState.DONE).count() == 5


def test_of_two_clocks_one_asks(table, source):
    first, second = list(pulls.due()), list(pulls.due())
    assert [pulls.claim(first[0]), pulls.claim(second[0])] == [True, False]


def test_who_lost_its_claim_keeps_nothing_and_moves_nothing(table, source):
    Source.objects.filter(pk=source.pk).update(pull_cursor={"after": 4})
    pulls.ask(source)
    assert events() == []
    source.refresh_from_db()
    assert source.pull_cursor == {"after": 4}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((500, b"oops"), "JSONDecodeError"),
        ((200, b"7"), "TypeError"),
        ((200, b"[" * 100_000), "ValueError"),
    ],
)
def test_trouble_is_written_down_in_words_and_the_pause_grows(table, source, moment, answer, words):
    table.answers[:] = [answer]
    for minutes in (1, 2, 4):
        assert pulls.tick() == 1
        source.refresh_from_db()
        assert words in source.pull_error
        assert round((source.pull_next_at - moment.now()).total_seconds() / 60) == minutes
        moment.move(minutes=minutes)
        moment.move(seconds=1)
    table.answers[:] = [page]
    assert pulls.tick() == 1
    source.refresh_from_db()
    assert (source.pull_error, source.pull_failures) == ("", 0)
    assert len(events()) == 5


def test_a_source_that_cannot_be_reached_is_asked_again_later(table, source):
    Source.objects.filter(pk=source.pk).update(options={"url": "http://127.0.0.1:1/"})
    assert pulls.tick() == 1
    source.refresh_from_db()
    assert "连接不上" in source.pull_error
    assert source.pull_cursor == {}


def test_an_address_inside_is_not_asked_unless_it_is_listed(table, source, settings):
    settings.XIANFENG_OUTBOUND_ALLOW = []
    pulls.tick()
    source.refresh_from_db()
    assert "XIANFENG_OUTBOUND_ALLOW" in source.pull_error
    assert table.requests == []


def test_sources_that_push_or_are_off_are_not_asked(table, source):
    Source.objects.filter(pk=source.pk).update(active=False)
    assert pulls.tick() == 0
    Source.objects.filter(pk=source.pk).update(active=True, pull_every_s=0)
    assert pulls.tick() == 0
