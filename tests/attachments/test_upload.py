"""Uploading at the API's door: answers, rights, repetition, and the event's timeline."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dispatch.models import IdempotencyKey
from events.models import Attachment, TimelineEntry
from tests.attachments import samples

pytestmark = pytest.mark.django_db
PATH = "/api/v1/attachments/"


@pytest.fixture(autouse=True)
def _media(media):
    """Every test here has a media folder of its own."""


def named(data, name="photo.jpg", kind="image/jpeg"):
    return SimpleUploadedFile(name, data, kind)


def send(client, data=None, **fields):
    file = data if hasattr(data, "read") else named(data or samples.jpeg())
    return client.post(PATH, {"file": file, **fields}, format="multipart")


def files(media):
    return [path for path in media.rglob("*") if path.is_file()]


def test_an_upload_answers_with_what_was_kept(client_of):
    photo = samples.jpeg(exif=samples.exif())
    answer = send(client_of("grid.beiyuan"), photo, role="near")
    assert answer.status_code == 201
    body = answer.json()
    assert body == {
        "id": body["id"],
        "kind": "photo",
        "role": "near",
        "url": f"{PATH}{body['id']}/",
        "thumbnail": f"{PATH}{body['id']}/thumbnail/",
        "content_type": "image/jpeg",
        "size": body["size"],
        "width": 640,
        "height": 480,
        "duration_s": None,
        "by": body["by"],
        "at": body["at"],
        "taken_at": "2026-11-21T08:20:05.000Z",
        "location": {"lon": pytest.approx(113.2582), "lat": pytest.approx(23.1301)},
    }
    assert body["by"]
    assert body["size"] > 1000


def test_a_voice_message_is_taken_under_any_name_and_type(client_of):
    voice = named(samples.voice(), "blob", "application/octet-stream")
    body = send(client_of("grid.beiyuan"), voice).json()
    assert (body["kind"], body["content_type"], body["thumbnail"]) == ("voice", "audio/mp4", None)
    assert body["duration_s"] == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 422),
        (b"<script>alert(document.cookie)</script>", 415),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>', 415),
        (samples.jpeg() + b"<html><script>x()</script>", 422),
        (samples.noise()[:200_000], 422),
        (samples.bomb(), 422),
    ],
    ids=["empty", "script", "svg", "polyglot", "truncated", "bomb"],
)
def test_a_bad_file_is_refused_with_its_reason_and_nothing_is_kept(client_of, media, data, status):
    answer = send(client_of("grid.beiyuan"), named(data))
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert "没有保存" in answer.json()["detail"]
    assert not Attachment.objects.exists()
    assert not files(media)


def test_a_photo_is_known_by_its_bytes_not_by_its_name(client_of):
    wrong = named(samples.png(), "invoice.exe", "text/html")
    assert send(client_of("grid.beiyuan"), wrong).json()["content_type"] == "image/jpeg"
    disguised = named(b"<script>alert(1)</script>", "photo.jpg", "image/jpeg")
    assert send(client_of("grid.beiyuan"), disguised).status_code == 415


def test_fifty_megabytes_are_refused_before_they_are_parsed(client_of, media, settings):
    settings.FILE_UPLOAD_HANDLERS = ["tests.attachments.test_upload.NeverAsked"]
    answer = send(client_of("grid.beiyuan"), named(bytes(50 * 2**20)))
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert "25 MB" in answer.json()["detail"]
    assert not files(media)


class NeverAsked:
    """An upload handler that must not be reached."""

    def __init__(self, request=None):
        raise AssertionError("the body was parsed")


def test_a_file_just_over_the_limit_is_refused(client_of, settings):
    settings.ATTACHMENT_MAX_BYTES = 100_000
    photo = samples.noise()[:100_001]
    assert send(client_of("grid.beiyuan"), photo).status_code == 413


def test_an_upload_without_a_file_or_with_wrong_fields_says_which(client_of):
    client = client_of("grid.beiyuan")
    answer = client.post(PATH, {"role": "near"}, format="multipart")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["file"])
    answer = send(client, role="sideways")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["role"])
    answer = send(client, client_id="seven")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["client_id"])
    assert client.post(PATH, {"file": "x"}, format="json").status_code == 415
    assert not Attachment.objects.exists()


def test_nobody_uploads_without_signing_in(client_of):
    client = client_of("grid.beiyuan")
    client.credentials()
    client.defaults.pop("HTTP_AUTHORIZATION")
    assert send(client).status_code == 401


def test_who_only_reads_does_not_upload(client_of):
    assert send(client_of("auditor")).status_code == 403
    assert not Attachment.objects.exists()


def test_the_same_upload_sent_again_is_the_same_attachment(client_of, media):
    client, client_id = client_of("grid.beiyuan"), str(uuid.uuid4())
    first = send(client, client_id=client_id)
    again = send(client, client_id=client_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(files(media)) == 2  # the photo and its thumbnail
    other = send(client_of("duty.hongqiao"), client_id=client_id)
    assert other.status_code == 201
    assert other.json()["id"] != first.json()["id"]


def test_an_idempotency_key_does_the_same(client_of):
    client = client_of("grid.beiyuan")
    answers = [
        client.post(
            PATH, {"file": named(samples.jpeg())}, format="multipart", HTTP_IDEMPOTENCY_KEY="k-1"
        )
        for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    assert not IdempotencyKey.objects.exists()


def test_an_upload_to_an_event_stands_on_its_timeline(client_of, report):
    number = report()["number"]
    officer = client_of("duty.hongqiao")
    answer = send(officer, samples.jpeg(), role="before", event=number)
    assert answer.status_code == 201
    pk = answer.json()["id"]
    entry = TimelineEntry.objects.filter(event__number=number).latest("seq")
    assert (entry.kind, entry.data) == ("attached", {"count": 1, "attachments": [pk]})
    assert [file["id"] for file in entry.changes["attachments"]] == [pk]
    shown = client_of("grid.beiyuan").get(f"/api/v1/events/{number}/").json()
    assert shown["attachments"] == [answer.json()]


def test_the_same_upload_to_an_event_again_writes_no_second_entry(client_of, report):
    number = report()["number"]
    client, client_id = client_of("duty.hongqiao"), str(uuid.uuid4())
    answers = [send(client, client_id=client_id, event=number) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert TimelineEntry.objects.filter(event__number=number, kind="attached").count() == 1


def test_an_upload_that_came_before_its_event_is_bound_when_sent_again_with_it(client_of, report):
    number = report()["number"]
    client, client_id = client_of("duty.hongqiao"), str(uuid.uuid4())
    first = send(client, client_id=client_id).json()
    again = send(client, client_id=client_id, event=number)
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    assert Attachment.objects.get(pk=first["id"]).event.number == number


def test_an_attachment_does_not_move_to_another_event(client_of, report):
    first, second = report()["number"], report(text="另一处井盖缺失")["number"]
    client, client_id = client_of("duty.hongqiao"), str(uuid.uuid4())
    pk = send(client, client_id=client_id, event=first).json()["id"]
    answer = send(client, client_id=client_id, event=second)
    assert answer.status_code == 409
    answer = client.post(
        f"/api/v1/events/{second}/post/", {"text": "图", "attachments": [pk]}, format="json"
    )
    assert answer.status_code == 422
    assert Attachment.objects.get(pk=pk).event.number == first
    assert not TimelineEntry.objects.filter(event__number=second, kind="posted").exists()


@pytest.mark.parametrize(
    ("username", "status"),
    [("duty.liuhua", 404), ("auditor", 403), ("grid.liuhua.1", 404), ("admin", 403)],
)
def test_who_may_not_post_there_uploads_nothing_there(client_of, report, media, username, status):
    number = report()["number"]
    assert send(client_of(username), event=number).status_code == status
    assert not Attachment.objects.exists()
    assert not files(media)


def test_a_report_takes_its_photos_with_it(client_of, report):
    client = client_of("grid.beiyuan")
    ids = [send(client, role=role).json()["id"] for role in ("far", "near")]
    shown = report(attachments=ids)
    assert [file["id"] for file in shown["attachments"]] == ids


def test_nobody_binds_what_another_uploaded(client_of, report):
    pk = send(client_of("duty.hongqiao")).json()["id"]
    body = {
        "client_id": str(uuid.uuid4()),
        "location": {"lon": 113.2582, "lat": 23.1301, "crs": "WGS84"},
        "attachments": [pk],
    }
    answer = client_of("grid.beiyuan").post("/api/v1/reports/", body, format="json")
    assert answer.status_code == 422
    assert "附件" in answer.json()["detail"]
    assert Attachment.objects.get(pk=pk).event is None


def test_the_room_may_add_files_that_were_uploaded_before(client_of, report):
    number = report()["number"]
    client = client_of("grid.beiyuan")
    ids = [send(client).json()["id"] for _time in range(2)]
    answer = client.post(f"/api/v1/events/{number}/attach/", {"attachments": ids}, format="json")
    assert answer.status_code == 200
    assert [file["id"] for file in answer.json()["attachments"]] == ids
    version = answer.json()["version"]
    again = client.post(f"/api/v1/events/{number}/attach/", {"attachments": ids}, format="json")
    assert (again.status_code, again.json()["version"]) == (200, version)
    entries = TimelineEntry.objects.filter(event__number=number, kind="attached")
    assert [entry.data["count"] for entry in entries] == [2]


def test_an_upload_asks_the_database_little(client_of, report, django_assert_max_num_queries):
    number = report()["number"]
    client = client_of("duty.hongqiao")
    with django_assert_max_num_queries(40):
        send(client, event=number)
