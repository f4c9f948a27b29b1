"""Pictures of events: as bytes or by address, late, broken, out of reach; never a lost event."""

import base64

import pytest

from events.models import Attachment, Event
from integrations import pictures
from integrations.models import InboundMessage, InboundState, PictureOrder
from integrations.pictures import PAUSES, fetch_due
from integrations.quarantine import replay
from tests.attachments.samples import jpeg
from tests.channels.stub import running
from tests.inbox.wire import about, incident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def picture(external_id="A-1", content=None, **fields):
    """A picture as bytes, or by its address."""
    if content is not None:
        fields["content"] = base64.b64encode(content).decode()
    return {**about("Picture", external_id, name="现场.jpg"), **fields}


@pytest.fixture
def service(settings):
    """Where pictures lie."""
    with running((200, jpeg(), {"Content-Type": "image/jpeg"})) as stub:
        settings.XIANFENG_OUTBOUND_ALLOW = ["127.0.0.1"]
        yield stub


@pytest.fixture
def event(sender):
    """The number of an event A-1."""
    return sender.send(incident(id="A-1"))["event"]


def message():
    """The newest message."""
    return InboundMessage.objects.order_by("-pk").first()


def test_a_picture_is_in_the_room_under_the_systems_name(sender, room, event):
    sender.send(picture(content=jpeg(), role="near"))
    (file,) = room.event(event)["attachments"]
    assert (file["by"], file["role"], file["kind"]) == ("对接系统", "near", "photo")
    assert room.kinds(event)[-1] == "attached"
    # Whoever sees the event sees it, nobody else.
    assert room.client("duty.hongqiao").get(file["url"]).status_code == 200
    assert room.client("cityops.hongqiao").get(file["url"]).status_code == 404


def test_the_same_picture_again_is_one_picture(sender, room, event):
    content = jpeg()
    sender.send(picture(content=content))
    sender.send(picture(content=content), about("Progress", "A-1", text="再送"))
    assert len(room.event(event)["attachments"]) == 1


def test_a_picture_waits_for_its_event_without_being_decoded(sender, room, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(pictures.attachments, "accept", None)
        sender.send(picture(content=jpeg()))
    event = sender.send(incident(id="A-1"))["event"]
    assert len(room.event(event)["attachments"]) == 1


def test_a_broken_picture_is_put_aside_alone(sender, room):
    answer = sender.refused(422, incident(id="A-1"), picture(content=jpeg()[:2000]))
    assert answer["detail"].startswith("第 2 项：")
    event = room.event(answer["event"])
    assert event["attachments"] == []
    assert not Attachment.objects.exists()


def test_a_machine_too_busy_for_pictures_takes_them_later(sender, room, event, monkeypatch, clock):
    with monkeypatch.context() as patch:
        patch.setattr("events.attachments.upload.DECODERS.acquire", lambda timeout: False)
        answer = sender.send(picture(content=jpeg()))
    assert list(answer) == ["receipt"]
    assert message().state == InboundState.RECEIVED
    clock()
    assert len(room.event(event)["attachments"]) == 1


def test_a_picture_by_address_is_fetched_by_the_clock(sender, room, service):
    event = sender.send(incident(id="A-1"), picture(url=f"{service.url}/1.jpg"))["event"]
    assert service.requests == []
    assert fetch_due() == 1
    assert len(room.event(event)["attachments"]) == 1
    assert fetch_due() == 0
    assert service.last.path == "/1.jpg"


def test_a_picture_that_is_not_there_yet_is_tried_again(sender, room, event, service, moment):
    good = service.answers.pop()
    service.answers += [(404, b""), (500, b""), good]
    sender.send(picture(url=f"{service.url}/1.jpg"))
    for minutes in (0, PAUSES[0], PAUSES[1]):
        assert room.event(event)["attachments"] == []
        moment.move(minutes=minutes)
        assert fetch_due() == 1
        assert fetch_due() == 0
    assert len(room.event(event)["attachments"]) == 1
    assert message().state == InboundState.DONE


def test_a_picture_that_never_comes_is_told_to_the_operators(sender, event, service, moment):
    good = service.answers.pop()
    service.answers.append((404, b""))
    sender.send(picture(url=f"{service.url}/1.jpg?token=hush"))
    for minutes in (0, *PAUSES):
        moment.move(minutes=minutes)
        fetch_due()
    assert len(service.requests) == len(PAUSES) + 1
    row = message()
    assert row.state == InboundState.QUARANTINED
    assert row.reason == "图片 现场.jpg 取不到：对方答复 404。"
    # The operator has it made good and replays.
    service.answers[:] = [good]
    assert replay(row).state == InboundState.DONE
    assert fetch_due() == 1
    assert Attachment.objects.get().event == Event.objects.get(number=event)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/a.jpg", "ftp://x/a.jpg", "nonsense"])
def test_an_address_that_we_may_not_go_to_is_not_tried_again(sender, event, url):
    sender.send(picture(url=url))
    assert fetch_due() == 1
    assert PictureOrder.objects.get().next_at is None
    assert message().state == InboundState.QUARANTINED


def test_what_lies_at_the_address_must_be_a_picture(sender, event, service):
    service.answers[:] = [(200, b"<html>login</html>")]
    sender.send(picture(url=f"{service.url}/1.jpg"))
    fetch_due()
    assert message().state == InboundState.QUARANTINED
    assert not Attachment.objects.exists()


def test_killed_between_fetching_and_binding_it_is_fetched_again(
    sender, room, event, service, monkeypatch, moment
):
    class Killed(BaseException):
        pass

    def kill(*args):
        raise Killed

    sender.send(picture(url=f"{service.url}/1.jpg"))
    with monkeypatch.context() as patch:
        patch.setattr(pictures.hearsay, "attached", kill)
        with pytest.raises(Killed):
            fetch_due()
    moment.move(minutes=3)
    assert fetch_due() == 1
    assert len(room.event(event)["attachments"]) == 1
    assert Attachment.objects.count() == 1


def test_of_two_clocks_one_fetches(sender, event, service):
    sender.send(picture(url=f"{service.url}/1.jpg"))
    first, second = PictureOrder.objects.get(), PictureOrder.objects.get()
    assert [pictures.claim(first), pictures.claim(second)] == [True, False]
    assert fetch_due() == 0


@pytest.mark.parametrize("url", ["", "http://x/" + "x" * 2000])
def test_without_content_or_a_usable_address_it_is_put_aside(sender, event, url):
    assert "图片" in sender.refused(422, picture(url=url))["detail"]
