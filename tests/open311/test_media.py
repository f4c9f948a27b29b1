"""Pictures that come with a request, or by an address."""

import pytest

from events.models import Attachment, Event
from integrations.models import InboundMessage, PictureOrder
from tests.attachments import samples
from tests.open311.app import file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_a_picture_comes_with_the_request_and_without_its_metadata(app, room):
    number = app.post(media=file(samples.jpeg(exif=samples.exif())))["service_request_id"]
    (shape,) = room.event(number, "supervisor")["attachments"]
    attachment = Attachment.objects.get()
    assert shape["id"] == str(attachment.pk)
    assert (attachment.source, attachment.uploader) == ("Open311", None)
    with attachment.file.open() as stored:
        content = stored.read()
    assert content.startswith(b"\xff\xd8")
    assert b"SecretPhone" not in content


def test_only_those_who_may_see_the_event_may_see_its_picture(app, room):
    number = app.post(media=file(samples.jpeg()))["service_request_id"]
    (shape,) = room.event(number, "supervisor")["attachments"]
    seen = {
        who: room.client(who).get(f"/api/v1/attachments/{shape['id']}/").status_code
        for who in ("cityops.hongqiao", "police.hongqiao")
    }
    assert seen == {"cityops.hongqiao": 200, "police.hongqiao": 404}
    assert app.get(f"requests/{number}")[0]["media_url"] is None


def test_several_files_and_a_voice_are_taken(app):
    event = app.event(
        {"media": [file(samples.jpeg()), file(samples.voice(), "voice.webm", "audio/webm")]}
    )
    assert sorted(event.attachments.values_list("kind", flat=True)) == ["photo", "voice"]


@pytest.mark.parametrize(
    ("content", "code"), [(b"", 422), (b"<script>", 415), (samples.jpeg()[:3000], 422)]
)
def test_a_bad_file_refuses_the_whole_with_what_to_do(app, media, content, code):
    status, (error,) = app.send(media=[file(samples.jpeg()), file(content)])
    assert (status, error["code"]) == (400, code)
    assert error["description"].startswith("media：")
    assert not Event.objects.exists()
    assert not InboundMessage.objects.exists()
    assert not Attachment.objects.exists()


def test_a_refused_file_leaves_no_file_behind(app, media, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        app.refused(400, media=[file(samples.jpeg()), file(b"no picture")])
    assert list(media.rglob("*.jpg")) == []


def test_a_field_is_looked_at_before_a_picture_is_made(app, media):
    app.refused(400, lat=None, media=file(samples.jpeg()))
    assert not media.exists()


def test_a_file_in_another_field_is_not_lost_silently(app):
    assert app.refused(400, photo=file(samples.jpeg())) == ["附件字段名应为 media。"]


def test_a_picture_for_every_wall_is_too_many(app):
    files = [file(samples.jpeg((8, 8))) for _number in range(6)]
    assert app.refused(400, media=files) == ["附件最多 5 个。"]


def test_files_that_are_too_large_together_are_refused_before_they_are_read(app, settings):
    settings.ATTACHMENT_MAX_BYTES = 10_000
    assert "内容太大" in app.refused(413, media=file(bytes(300_000)))[0]


def test_the_same_post_with_its_picture_is_the_same_request(app):
    picture = samples.jpeg()
    first = app.post(media=file(picture))
    assert app.post(media=file(picture)) == first
    assert app.post(media=file(samples.jpeg((320, 240)))) != first
    assert Attachment.objects.count() == 2


def test_a_picture_by_its_address_is_fetched_later(app):
    event = app.event(media_url="https://pictures.example/1.jpg")
    order = PictureOrder.objects.get()
    assert (order.event, order.url) == (event, "https://pictures.example/1.jpg")


def test_a_request_that_waited_until_its_picture_was_swept_is_an_event_all_the_same(
    app, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr("integrations.processing.process", lambda message, seconds=None: None)
        app.post(media=file(samples.jpeg()))
    Attachment.objects.all().delete()
    assert app.post(media=file(samples.jpeg()))["service_request_id"]
    assert Event.objects.get().attachments.count() == 0
