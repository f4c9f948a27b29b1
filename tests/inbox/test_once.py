"""Once: however often, in whatever order, and whoever falls over in between."""

import pytest
from django.db import connection
from django.test import Client

from events.models import Event, TimelineEntry
from integrations.context import Context
from integrations.models import ExternalId, InboundItem, InboundMessage, InboundState
from integrations.processing import finish_leftovers
from tests.inbox.wire import Sender, about, envelope, incident
from tests.room import at_once


def events():
    """The source's events."""
    return Event.objects.filter(source="wire")


def test_three_of_the_same_at_once_make_one_message_and_one_event(committed, source):
    body = envelope(incident(), incident(id=None, text="没有编号"))
    headers = Sender(None).headers(body, "msg_1")

    def post():
        return Sender(Client()).post(body, headers=headers)

    answers = at_once([post] * 3)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 202]
    assert len({answer.json()["receipt"] for answer in answers}) == 1
    assert InboundMessage.objects.count() == 1
    assert events().count() == 2


def test_the_same_event_in_three_deliveries_at_once_is_one_event(committed, source):
    entry = incident()

    def post():
        return Sender(Client()).post(envelope(entry))

    answers = at_once([post] * 3)
    finish_leftovers()
    assert {answer.status_code for answer in answers} == {202}
    assert InboundMessage.objects.filter(state=InboundState.DONE).count() == 3
    assert TimelineEntry.objects.filter(event=events().get(), kind="updated").count() == 0


def test_news_before_the_event_while_the_event_arrives_is_told_once(committed, source, moment):
    entry = incident(id="A-1")
    news = envelope(about("Progress", "A-1", text="市民催办"))
    at_once(
        [
            lambda: Sender(Client()).post(news),
            lambda: Sender(Client()).post(envelope(entry)),
            lambda: Sender(Client()).post(news),
        ]
    )
    moment.move(minutes=11)
    finish_leftovers()
    assert not InboundMessage.objects.exclude(state=InboundState.DONE).exists()
    assert TimelineEntry.objects.filter(event=events().get(), kind="updated").count() == 1


@pytest.mark.django_db
def test_another_content_under_a_used_id_is_refused_and_the_first_stays(sender):
    first = sender.send(incident(), delivery_id="msg_1")
    problem = sender.refused(409, incident(text="另一件"), delivery_id="msg_1")
    assert "编号" in problem["detail"]
    assert sender.post(bytes(InboundMessage.objects.get().body), "msg_1").json() == first
    assert events().count() == 1


@pytest.mark.django_db
def test_a_report_without_an_id_sent_again_in_another_envelope_is_no_second_event(sender):
    entry = incident(id=None)
    first, second = sender.send(entry), sender.send(entry, incident(id="B-2"))
    assert first["event"] == second["event"]
    assert events().count() == 2
    assert Event.objects.get(number=first["event"]).external_id == ""


@pytest.mark.django_db
def test_an_event_is_known_by_all_of_its_ids(sender):
    first = sender.send(incident(id="CITY-1", also=["OFFICE-9"]))
    assert sender.send(incident(id="OFFICE-9"))["event"] == first["event"]
    assert sender.send(incident(id="X-1", also=["OFFICE-9"]))["event"] == first["event"]
    assert sender.send(about("Progress", "X-1", text="进展"))["event"] == first["event"]
    assert events().count() == 1


@pytest.mark.django_db
def test_an_id_of_one_event_is_not_taken_over_by_another(sender):
    first = sender.send(incident(id="A-1", also=["SHARED"]))
    second = sender.send(incident(id="B-2", text="另一件", also=["SHARED"]))
    assert second["event"] == first["event"]
    third = sender.send(incident(id="C-3", text="第三件"))
    sender.send(incident(id="C-3", text="第三件", also=["SHARED"]))
    assert ExternalId.objects.get(value="SHARED").event.number == first["event"]
    assert third["event"] != first["event"]


@pytest.mark.django_db
def test_an_event_that_comes_between_the_look_and_the_writing_is_known_at_the_second_look(
    sender, monkeypatch
):
    entry, real, looks = incident(id="A-1"), Context.find, []
    first = sender.send(entry)

    def find(self, value):
        looks.append(value)
        return real(self, value) if len(looks) > 1 else None

    monkeypatch.setattr(Context, "find", find)
    assert sender.send(entry)["event"] == first["event"]
    assert looks == ["A-1", "A-1"]


class Killed(BaseException):
    """The process ends here."""


class KillAt:
    """Ends the process at the statement by that number."""

    def __init__(self, number):
        self.left = number

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == 0:
            raise Killed
        return execute(sql, params, many, context)


@pytest.mark.django_db
def test_killed_between_any_two_steps_it_is_done_once(sender, clock):
    steps = 0
    while True:
        steps += 1
        name = f"K-{steps}"
        body = envelope(incident(id=name), about("Progress", name, text="进展"))
        try:
            with connection.execute_wrapper(KillAt(steps)):
                sender.post(body, name)
        except Killed:
            pass
        else:
            break
        kept = InboundMessage.objects.filter(key=name).exists()
        # As long as it has no receipt the sender sends again; half of them are slow about it.
        if steps % 2 or not kept:
            assert sender.post(body, name).status_code in (200, 202)
        clock()
        event = events().get(external_id=name)
        assert event.timeline.filter(kind="updated").count() == 1
        assert InboundItem.objects.filter(message__key=name).count() == 2
        message = InboundMessage.objects.get(key=name)
        assert (message.state, message.retry_at, message.event_id) == ("done", None, event.pk)
    assert steps > 40
