"""Downloading: who may, what the headers forbid, and pieces of a file."""

import hashlib

import pytest
from django.core.files.storage import default_storage

from dispatch.api import ranges
from events.models import Attachment
from tests.attachments import samples
from tests.attachments.test_upload import PATH, named, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(media):
    """Every test here has a media folder of its own."""


@pytest.fixture
def photo(client_of, report):
    """The id of a photo on an event of 洪桥's emergency office, and the event's number."""
    number = report()["number"]
    return send(client_of("duty.hongqiao"), event=number).json()["id"], number


@pytest.fixture
def clip(client_of):
    """The id of grid.beiyuan's unbound video, and its bytes as stored."""
    video = named(samples.video("mp4", "libx264", "aac"), "clip.mp4", "video/mp4")
    pk = send(client_of("grid.beiyuan"), video).json()["id"]
    with Attachment.objects.get(pk=pk).file.open("rb") as stream:
        return pk, stream.read()


def statuses(client, pk):
    return client.get(f"{PATH}{pk}/").status_code, client.get(f"{PATH}{pk}/thumbnail/").status_code


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize(
    "username",
    [
        "duty.hongqiao",
        "police.hongqiao",
        "grid.beiyuan",
        "supervisor.hongqiao",
        "dispatcher",
        "auditor",
    ],
)
def test_those_who_may_see_the_event_may_see_its_photo(client_of, photo, username):
    if username == "police.hongqiao":
        client_of("duty.hongqiao").post(
            f"/api/v1/events/{photo[1]}/request_support/",
            {"departments": [department_of("police.hongqiao")], "reason": "封路"},
            format="json",
        )
    assert statuses(client_of(username), photo[0]) == (200, 200)


def department_of(username):
    from dispatch.models import Officer

    return Officer.objects.get(user__username=username).department.code


@pytest.mark.parametrize(
    "username",
    ["duty.liuhua", "police.liuhua", "grid.liuhua.1", "supervisor.liuhua", "cityops.liuhua"],
)
def test_others_are_not_told_that_it_exists(client_of, photo, username):
    client = client_of(username)
    assert statuses(client, photo[0]) == (404, 404)
    unknown = client.get(f"{PATH}00000000-0000-4000-8000-000000000000/")
    assert unknown.json() == client.get(f"{PATH}{photo[0]}/").json()


def test_nobody_downloads_without_signing_in(client, photo):
    assert statuses(client, photo[0]) == (401, 401)


def test_a_department_that_lost_the_event_lost_its_photos(client_of, photo):
    pk, number = photo
    officer = client_of("duty.hongqiao")
    assert statuses(officer, pk) == (200, 200)
    answer = client_of("dispatcher").post(
        f"/api/v1/events/{number}/transfer/",
        {"department": department_of("cityops.hongqiao"), "reason": "非职责范围"},
        format="json",
    )
    assert answer.status_code == 200, answer.json()
    # It uploaded the photo itself, and still may not see it any more.
    assert statuses(officer, pk) == (404, 404)
    assert statuses(client_of("cityops.hongqiao"), pk) == (200, 200)


def test_before_it_has_an_event_only_its_uploader_sees_it(client_of):
    pk = send(client_of("grid.beiyuan")).json()["id"]
    assert statuses(client_of("grid.beiyuan"), pk) == (200, 200)
    for username in ("duty.hongqiao", "dispatcher", "supervisor", "auditor", "grid.hongqiao.1"):
        assert statuses(client_of(username), pk) == (404, 404), username


def test_the_answer_can_do_nothing_but_be_looked_at(client_of, photo):
    answer = client_of("duty.hongqiao").get(f"{PATH}{photo[0]}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, max-age=3600"
    assert answer["Content-Disposition"] == f'inline; filename="photo-{photo[0][:8]}.jpg"'
    stored = Attachment.objects.get(pk=photo[0])
    assert hashlib.sha256(answer.content).hexdigest() == stored.sha256
    assert int(answer["Content-Length"]) == stored.size == len(answer.content)


def test_a_voice_is_answered_in_its_type(client_of):
    client = client_of("grid.beiyuan")
    pk = send(client, named(samples.voice(), "blob")).json()["id"]
    answer = client.get(f"{PATH}{pk}/")
    assert answer["Content-Type"] == "audio/mp4"
    assert answer["Content-Disposition"] == f'inline; filename="voice-{pk[:8]}.m4a"'
    assert client.get(f"{PATH}{pk}/thumbnail/").status_code == 404


def test_an_image_tag_that_takes_images_only_gets_one(client_of, photo):
    client = client_of("duty.hongqiao")
    answer = client.get(f"{PATH}{photo[0]}/", HTTP_ACCEPT="image/webp,image/*")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    refusal = client_of("duty.liuhua").get(f"{PATH}{photo[0]}/", HTTP_ACCEPT="image/*")
    assert refusal["Content-Type"] == "application/problem+json"
    assert refusal.json()["status"] == 404


def test_what_the_browser_has_is_not_sent_again(client_of, photo):
    client = client_of("duty.hongqiao")
    for path in (f"{PATH}{photo[0]}/", f"{PATH}{photo[0]}/thumbnail/"):
        tag = client.get(path)["ETag"]
        again = client.get(path, HTTP_IF_NONE_MATCH=tag)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert client.get(path, HTTP_IF_NONE_MATCH='"other"').status_code == 200
    # Who lost the right is not told that the copy is still good.
    assert client_of("duty.liuhua").get(path, HTTP_IF_NONE_MATCH=tag).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, None),
        ("bytes=-50", -50, None),
        ("bytes=0-", 0, None),
        ("bytes=10-10", 10, 10),
        ("bytes=5-99999999", 5, None),
        ("bytes=-99999999", 0, None),
    ],
)
def test_a_piece_of_a_video_is_answered(client_of, clip, wanted, first, last):
    pk, whole = clip
    answer = client_of("grid.beiyuan").get(f"{PATH}{pk}/", HTTP_RANGE=wanted)
    start = first if first >= 0 else len(whole) + first
    end = len(whole) - 1 if last is None else last
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end}/{len(whole)}"
    assert answer["Content-Type"] == "video/mp4"
    assert int(answer["Content-Length"]) == end - start + 1
    assert body(answer) == whole[start : end + 1]


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=-0"])
def test_a_piece_beyond_the_end_is_not_there(client_of, clip, wanted):
    pk, whole = clip
    answer = client_of("grid.beiyuan").get(f"{PATH}{pk}/", HTTP_RANGE=wanted)
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(whole)}"


@pytest.mark.parametrize(
    "wanted", ["bytes=9-3", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=１-２", ""]
)
def test_a_range_that_makes_no_sense_is_answered_with_the_whole(client_of, clip, wanted):
    pk, whole = clip
    answer = client_of("grid.beiyuan").get(f"{PATH}{pk}/", HTTP_RANGE=wanted)
    assert (answer.status_code, body(answer)) == (200, whole)
    assert answer["Accept-Ranges"] == "bytes"


def test_a_piece_of_another_version_is_answered_with_the_whole(client_of, clip):
    pk, whole = clip
    client = client_of("grid.beiyuan")
    tag = client.get(f"{PATH}{pk}/")["ETag"]
    same = client.get(f"{PATH}{pk}/", HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE=tag)
    assert same.status_code == 206
    other = client.get(f"{PATH}{pk}/", HTTP_RANGE="bytes=0-9", HTTP_IF_RANGE='"old"')
    assert (other.status_code, body(other)) == (200, whole)


def test_head_says_how_much_there_is(client_of, clip):
    pk, whole = clip
    answer = client_of("grid.beiyuan").head(f"{PATH}{pk}/")
    assert (answer.status_code, int(answer["Content-Length"])) == (200, len(whole))


def test_a_large_file_flows_in_pieces(client_of, clip, monkeypatch):
    pk, whole = clip
    monkeypatch.setattr(ranges, "PIECE", 1000)
    monkeypatch.setattr(ranges, "CHUNK", 700)
    answer = client_of("grid.beiyuan").get(f"{PATH}{pk}/", HTTP_RANGE="bytes=3-")
    assert answer.streaming
    pieces = list(answer.streaming_content)
    assert max(map(len, pieces)) == 700
    assert b"".join(pieces) == whole[3:]
    assert int(answer["Content-Length"]) == len(whole) - 3


def test_a_file_missing_from_the_store_is_said_so(client_of, photo):
    default_storage.delete(Attachment.objects.get(pk=photo[0]).file.name)
    answer = client_of("duty.hongqiao").get(f"{PATH}{photo[0]}/")
    assert answer.status_code == 404
    assert "管理员" in answer.json()["detail"]


def test_a_download_asks_the_database_little(client_of, photo, django_assert_max_num_queries):
    client = client_of("duty.hongqiao")
    with django_assert_max_num_queries(5):
        client.get(f"{PATH}{photo[0]}/")
