"""Photos: what is kept of them, what is refused, and that refusal leaves nothing."""

import contextlib
import io
import random
from datetime import UTC, datetime

import pytest
from PIL import Image

from events import attachments
from events.attachments import photo
from events.models import Attachment
from tests.attachments import samples

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


@pytest.fixture
def take(media, user):
    """Accepts bytes as grid.beiyuan's upload."""
    uploader = user("grid.beiyuan").pk
    return lambda data, **more: attachments.accept(
        io.BytesIO(data), uploader_id=uploader, at=NOW, **more
    )


@pytest.fixture
def refused(take, media):
    """Expects a refusal; returns it, after looking that neither row nor file is left."""

    def refuse(data, **more):
        with pytest.raises(attachments.Refused) as caught:
            take(data, **more)
        assert not Attachment.objects.exists()
        assert not [path for path in media.rglob("*") if path.is_file()]
        return caught.value

    return refuse


def stored(attachment):
    with attachment.file.open("rb") as stream:
        return stream.read()


def test_a_photo_is_kept_as_jpeg_with_a_thumbnail(take):
    kept = take(samples.jpeg((3000, 2000)), role="near")
    assert (kept.kind, kept.role, kept.content_type) == ("photo", "near", "image/jpeg")
    assert (kept.width, kept.height) == (2560, 1707)
    assert kept.event is None
    image = Image.open(io.BytesIO(stored(kept)))
    assert (image.format, image.size) == ("JPEG", (2560, 1707))
    assert kept.size == len(stored(kept))
    with kept.thumbnail.open("rb") as stream:
        assert Image.open(stream).size == (480, 320)


def test_the_position_and_the_time_are_read_and_then_stripped(take):
    original = samples.jpeg(exif=samples.exif(), comment=b"call 13800138000")
    assert b"SecretPhone" in original
    assert b"13800138000" in original
    kept = take(original)
    assert kept.lat == pytest.approx(23.1301, abs=1e-6)
    assert kept.lon == pytest.approx(113.2582, abs=1e-6)
    assert kept.taken_at == datetime(2026, 11, 21, 8, 20, 5, tzinfo=UTC)
    with kept.thumbnail.open("rb") as stream:
        small = stream.read()
    for data in (stored(kept), small):
        for trace in (
            b"Exif",
            b"SecretPhone",
            b"Zhang San",
            b"13800138000",
            b"2026:11:21",
            b"http",
        ):
            assert trace not in data
        assert not Image.open(io.BytesIO(data)).getexif()
        assert set(Image.open(io.BytesIO(data)).info) <= {
            "jfif", "jfif_version", "jfif_unit", "jfif_density",
        }  # fmt: skip


def test_a_time_without_offset_is_the_districts_time(take):
    kept = take(samples.jpeg(exif=samples.exif(offset=None)))
    assert kept.taken_at == datetime(2026, 11, 21, 8, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "taken", ["2031:01:01 00:00:00", "1970:01:01 00:00:00", "2026:13:41 99:00:00", "0000:00:00", ""]
)
def test_a_camera_whose_clock_is_wrong_has_no_time(take, taken):
    assert take(samples.jpeg(exif=samples.exif(taken=taken))).taken_at is None


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (((0.0, 0.0, 0.0), "N"), ((0.0, 0.0, 0.0), "E")),
        (((95.0, 0.0, 0.0), "N"), samples.LON),
        (((23.0, 75.0, 0.0), "N"), samples.LON),
        (samples.LAT, ((190.0, 0.0, 0.0), "E")),
        (samples.LAT, ((113.0, 15.0, 29.52), "Q")),
        (samples.LAT, ((113.0,), "E")),
        (None, None),
    ],
)
def test_a_position_that_cannot_be_is_no_position_and_the_photo_is_kept(take, lat, lon):
    kept = take(samples.jpeg(exif=samples.exif(lat=lat, lon=lon)))
    assert (kept.lon, kept.lat) == (None, None)
    assert kept.width == 640


def test_south_and_west_are_negative(take):
    lat, lon = ((33.0, 51.0, 0.0), "S"), ((70.0, 39.0, 0.0), "W")
    kept = take(samples.jpeg(exif=samples.exif(lat=lat, lon=lon)))
    assert (kept.lat, kept.lon) == (pytest.approx(-33.85), pytest.approx(-70.65))


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (1, ["red", "green", "blue", "white"]),
        (2, ["green", "red", "white", "blue"]),
        (3, ["white", "blue", "green", "red"]),
        (4, ["blue", "white", "red", "green"]),
        (5, ["red", "blue", "green", "white"]),
        (6, ["blue", "red", "white", "green"]),
        (7, ["white", "green", "blue", "red"]),
        (8, ["green", "white", "red", "blue"]),
        (77, ["red", "green", "blue", "white"]),
    ],
)
def test_a_photo_stands_upright_whatever_way_the_phone_was_held(take, orientation, expected):
    kept = take(samples.jpeg(exif=samples.exif(orientation=orientation)))
    assert samples.corners(Image.open(io.BytesIO(stored(kept)))) == expected
    upright = (640, 480) if orientation not in (5, 6, 7, 8) else (480, 640)
    assert (kept.width, kept.height) == upright


def test_a_png_loses_its_texts_and_its_transparency_becomes_paper(take):
    original = samples.png(Author="Zhang San", Note="secret note")
    assert b"secret note" in original
    kept = take(original)
    assert kept.content_type == "image/jpeg"
    assert b"secret note" not in stored(kept)
    image = Image.open(io.BytesIO(stored(kept)))
    assert min(image.getpixel((320, 220))) > 240
    assert samples.corners(image) == ["red", "green", "blue", "white"]


@pytest.mark.parametrize("mode", ["L", "P", "LA", "I;16", "1", "CMYK"])
def test_every_kind_of_pixel_becomes_rgb(take, mode):
    image = samples.quadrants()
    image = Image.new("I;16", (64, 48)) if mode == "I;16" else image.convert(mode)
    kept = take(samples.saved(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert Image.open(io.BytesIO(stored(kept))).mode == "RGB"


def test_a_webp_is_taken_and_keeps_its_position(take):
    data = samples.saved(samples.quadrants(), "WEBP", exif=samples.exif())
    kept = take(data)
    assert kept.content_type == "image/jpeg"
    assert kept.lat == pytest.approx(23.1301, abs=1e-6)


def test_a_photo_with_a_moving_picture_behind_it_is_kept_without_that(take):
    kept = take(samples.jpeg() + samples.video())
    assert b"ftyp" not in stored(kept)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_unreadable_exif_does_not_cost_the_photo(take):
    whole = samples.jpeg(exif=samples.exif())
    at = whole.index(b"Exif\0\0") + 6
    kept = take(whole[: at + 8] + b"\xff" * 60 + whole[at + 68 :])
    assert (kept.width, kept.lon) == (640, None)


@pytest.mark.parametrize(
    ("data", "status", "word"),
    [
        (b"", 422, "空"),
        (b"<script>alert(1)</script>", 415, "脚本"),
        (b"#!/bin/sh\nrm -rf /\n", 415, "脚本"),
        (b"<?php system($_GET['c']); ?>", 415, "脚本"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html></html>", 415, "网页"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', 415, "SVG"),
        (b"<svg onload=alert(1)>", 415, "SVG"),
        (samples.archive(), 415, "压缩包"),
        (b"%PDF-1.7\n", 415, "PDF"),
        (b"MZ" + bytes(600), 415, "程序"),
        (samples.saved(samples.quadrants(), "GIF"), 415, "GIF"),
        (samples.saved(samples.quadrants(), "BMP"), 415, "BMP"),
        (samples.saved(samples.quadrants(), "TIFF"), 415, "TIFF"),
        (b"\0\0\0\x1cftypheic\0\0\0\0mif1heic" + bytes(600), 415, "HEIC"),
        (b"hello", 415, "别的内容"),
    ],
)
def test_what_is_no_photo_is_refused_by_name(refused, data, status, word):
    refusal = refused(data)
    assert refusal.status == status
    assert word in refusal.reason


@pytest.mark.parametrize(
    "extra",
    [
        b"<script src=//evil.example></script>",
        b"<html><body>",
        b"<?php system('id');",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()">',
        samples.archive(),
    ],
)
def test_a_photo_that_is_also_something_else_is_refused(refused, extra):
    assert "夹带" in refused(samples.jpeg() + extra).reason


def test_a_script_hidden_in_a_comment_is_refused(refused):
    assert refused(samples.jpeg(comment=b"<script>alert(1)</script>")).status == 422


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.97])
@pytest.mark.parametrize(
    "whole", [samples.noise(), samples.png(), b"RIFF"], ids=["jpeg", "png", "webp"]
)
def test_a_truncated_photo_is_refused(refused, whole, share):
    if whole == b"RIFF":
        whole = samples.saved(Image.open(io.BytesIO(samples.noise())), "WEBP")
    refusal = refused(whole[: int(len(whole) * share)])
    assert refusal.status == 422
    assert "损坏" in refusal.reason


def test_a_decompression_bomb_is_refused_before_it_is_decoded(refused):
    assert refused(samples.bomb(30_000, 30_000)).status == 422
    assert "超过 2500 万" in refused(samples.bomb(8_000, 8_000)).reason


def test_the_limit_holds_for_streams_that_do_not_tell_their_size(refused, settings):
    settings.ATTACHMENT_MAX_BYTES = 1_000_000

    class Endless:
        given = 0

        def read(self, size):
            self.given += size
            assert self.given < 2_000_000, "read on after the limit"
            return b"\xff" * size

    endless = Endless()
    with pytest.raises(attachments.Refused) as caught:
        attachments.accept(endless, uploader_id=1, at=NOW)
    assert caught.value.status == 413


def test_an_unknown_role_is_refused(refused):
    assert refused(samples.jpeg(), role="sideways").status == 422


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    ("reader", "data"),
    [
        ("JPEG", samples.jpeg((200, 150), exif=samples.exif())),
        ("PNG", samples.png(Note="x")),
        ("WEBP", samples.saved(samples.quadrants((200, 150)), "WEBP", exif=samples.exif())),
    ],
)
def test_a_damaged_photo_is_kept_or_refused_and_never_an_error(tmp_path, reader, data):
    source = tmp_path / "original"
    chance = random.Random(7)
    kept = 0
    for _round in range(150):
        damaged = bytearray(data)
        for _spot in range(chance.choice((1, 3, 12))):
            # Most of what can go wrong is said in the first bytes.
            damaged[chance.randrange(8, chance.choice((400, len(damaged))))] = chance.randrange(256)
        source.write_bytes(damaged)
        with contextlib.suppress(attachments.Refused):
            kept += photo.render(source, tmp_path, reader, NOW).width > 0
    assert 0 < kept < 150


def test_the_same_client_id_gives_the_same_attachment(take):
    client_id = "8d6a6a5e-52c7-4f55-9c0e-0f4f0c5a7a11"
    first = take(samples.jpeg(), client_id=client_id)
    again = take(samples.png(), client_id=client_id)
    assert again.pk == first.pk
    assert Attachment.objects.count() == 1


def test_a_row_that_cannot_be_written_leaves_no_file(media):
    with pytest.raises(Exception, match="attachment_one_origin"):
        attachments.accept(io.BytesIO(samples.jpeg()), uploader_id=None, at=NOW)
    assert not [path for path in media.rglob("*") if path.is_file()]
