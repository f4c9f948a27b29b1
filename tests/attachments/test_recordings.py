"""Voices and videos: what is kept of them, and what is refused."""

import io
import random
from datetime import UTC, datetime

import av
import pytest
from PIL import Image

from events import attachments
from events.attachments import recording
from events.models import Attachment
from tests.attachments import samples

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
TAGS = {
    "title": "secret meeting",
    "location": "+23.1301+113.2582/",
    "creation_time": "2026-11-21T08:20:05Z",
}


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

    def refuse(data):
        with pytest.raises(attachments.Refused) as caught:
            take(data)
        assert not Attachment.objects.exists()
        assert not [path for path in media.rglob("*") if path.is_file()]
        return caught.value

    return refuse


def stored(attachment):
    with attachment.file.open("rb") as stream:
        return stream.read()


def opened(attachment):
    return av.open(io.BytesIO(stored(attachment)))


@pytest.mark.parametrize(
    "data",
    [
        lambda: samples.voice("webm", "libopus"),
        lambda: samples.voice("ogg", "libopus"),
        lambda: samples.voice("ipod", "aac"),
        lambda: samples.voice("mp3", "libmp3lame", rate=44100),
        lambda: samples.voice("wav", "pcm_s16le", rate=16000),
        lambda: samples.voice("adts", "aac", rate=44100),
        samples.amr,
    ],
    ids=["webm", "ogg", "m4a", "mp3", "wav", "aac", "amr"],
)
def test_a_voice_is_kept_in_the_form_that_every_phone_plays(take, data):
    kept = take(data())
    assert (kept.kind, kept.content_type, kept.width) == ("voice", "audio/mp4", None)
    assert kept.duration_s == pytest.approx(2, abs=0.15)
    assert not kept.thumbnail
    assert stored(kept)[4:8] == b"ftyp"
    with opened(kept) as container:
        (track,) = container.streams
        assert track.codec_context.name == "aac"
        assert track.codec_context.layout.name == "mono"
        played = sum(frame.samples for frame in container.decode(track))
        assert played / track.codec_context.sample_rate == pytest.approx(2, abs=0.2)


def test_a_voice_loses_its_tags_and_its_position_is_kept_beside_it(take):
    original = samples.voice("ipod", "aac", metadata=TAGS)
    assert b"secret meeting" in original
    kept = take(original)
    assert (kept.lon, kept.lat) == (113.2582, 23.1301)
    for trace in (b"secret meeting", b"113.2582", b"Lavf"):
        assert trace not in stored(kept)


@pytest.mark.parametrize(
    ("data", "content_type", "codecs"),
    [
        (lambda: samples.video("mp4", "libx264", "aac"), "video/mp4", {"h264", "aac"}),
        (lambda: samples.video("mov", "libx264", "pcm_s16le"), "video/mp4", {"h264", "aac"}),
        (lambda: samples.video("matroska", "libx264", "libopus"), "video/mp4", {"h264", "aac"}),
        (lambda: samples.video("webm", "libvpx-vp9", "libopus"), "video/webm", {"vp9", "opus"}),
        (lambda: samples.video("webm", "libvpx"), "video/webm", {"vp8"}),
    ],
    ids=["mp4", "mov", "mkv", "webm", "silent"],
)
def test_a_video_is_kept_in_a_form_that_browsers_play(take, data, content_type, codecs):
    kept = take(data())
    assert (kept.kind, kept.content_type) == ("video", content_type)
    assert (kept.width, kept.height) == (320, 240)
    assert kept.duration_s == pytest.approx(2, abs=0.15)
    with opened(kept) as container:
        assert {s.codec_context.codec.canonical_name for s in container.streams} == codecs
        assert len(list(container.decode(video=0))) == 20
    with kept.thumbnail.open("rb") as stream:
        assert samples.corners(Image.open(stream)) == ["red", "green", "blue", "white"]


def test_a_video_loses_its_tags_and_where_and_when_it_was_taken_is_kept_beside_it(take):
    original = samples.video(metadata=TAGS)
    assert b"secret meeting" in original
    kept = take(original)
    assert (kept.lon, kept.lat) == (113.2582, 23.1301)
    assert kept.taken_at == datetime(2026, 11, 21, 8, 20, 5, tzinfo=UTC)
    for trace in (b"secret meeting", b"113.2582", b"Lavf"):
        assert trace not in stored(kept)


def test_a_video_held_upright_stays_upright(take):
    kept = take(samples.turned(samples.video()))
    assert (kept.width, kept.height) == (240, 320)
    with kept.thumbnail.open("rb") as stream:
        assert samples.corners(Image.open(stream)) == ["blue", "red", "white", "green"]
    with opened(kept) as container:
        assert next(container.decode(video=0)).rotation == -90


def test_a_mp4_can_begin_to_play_before_it_is_whole(take):
    data = stored(take(samples.video("mp4", "libx264", "aac")))
    assert data.index(b"moov") < data.index(b"mdat")


def test_an_mp3_with_a_cover_is_a_voice(take):
    message = samples.covered(samples.voice("mp3", "libmp3lame", rate=44100))
    with av.open(io.BytesIO(message)) as container:
        assert container.streams.video
    assert take(message).kind == "voice"


def test_a_message_that_breaks_off_is_kept_as_far_as_it_goes(take):
    whole = samples.voice("ogg", "libopus", seconds=6)
    kept = take(whole[: len(whole) * 2 // 3])
    assert 2 < kept.duration_s < 6


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"OggS" + bytes(4000), 422),
        (b"\x1a\x45\xdf\xa3" + b"\xff" * 4000, 422),
        (b"\0\0\0\x20ftypisom" + bytes(4000), 422),
        (b"RIFF\xff\xff\xff\xffWAVE" + bytes(4000), 422),
        (b"ID3\x04\0\0\0\0\0\0" + bytes(4000), 422),
        (b"#!AMR\n", 422),
        (lambda: samples.video()[:1500], 422),
        (lambda: samples.video(codec="mpeg4"), 415),
    ],
    ids=["ogg", "matroska", "mp4", "wav", "mp3", "amr", "truncated", "codec"],
)
def test_a_broken_or_unplayable_recording_is_refused(refused, data, status):
    refusal = refused(data if isinstance(data, bytes) else data())
    assert refusal.status == status
    assert "没有保存" in refusal.reason


def test_the_video_of_newer_phones_is_refused_with_what_to_change(refused):
    # An HEVC track is known by its name in the sample description.
    refusal = refused(samples.video("mp4", "libx265"))
    assert refusal.status == 415
    assert "H.264" in refusal.reason


def test_a_voice_over_the_limit_is_refused_however_small_it_is(refused, monkeypatch):
    monkeypatch.setattr(recording, "VOICE_MAX_S", 1)
    assert "10 分钟" in refused(samples.voice(seconds=3)).reason


def test_a_video_over_the_limit_is_refused(refused, monkeypatch):
    monkeypatch.setattr(recording, "VIDEO_MAX_S", 1)
    assert "5 分钟" in refused(samples.video(seconds=3)).reason


def test_a_transcoder_that_hangs_is_ended_and_the_file_refused(refused, monkeypatch, tmp_path):
    stuck = tmp_path / "stuck.py"
    stuck.write_text("import threading; threading.Event().wait()")
    monkeypatch.setattr(recording, "TRANSCODER", stuck)
    monkeypatch.setattr(recording, "PATIENCE_S", 0.2)
    assert refused(samples.voice()).status == 422


def test_a_transcoder_that_crashes_takes_nothing_with_it(refused, monkeypatch, tmp_path):
    crashing = tmp_path / "crashing.py"
    crashing.write_text("import os; os.abort()")
    monkeypatch.setattr(recording, "TRANSCODER", crashing)
    assert refused(samples.voice()).status == 422


def test_the_transcoder_knows_none_of_our_secrets(media, monkeypatch, tmp_path):
    monkeypatch.setenv("XIANFENG_SECRET_KEY", "do not tell")
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import os, json; print(json.dumps({'refused': 'broken', 'env': str(os.environ)}))"
    )
    monkeypatch.setattr(recording, "TRANSCODER", spy)
    seen = []
    run = recording.subprocess.run

    def watch(*args, **kwargs):
        seen.append(run(*args, **kwargs))
        return seen[-1]

    monkeypatch.setattr(recording.subprocess, "run", watch)
    with pytest.raises(attachments.Refused):
        attachments.accept(io.BytesIO(samples.voice()), uploader_id=1, at=NOW)
    assert "do not tell" not in seen[0].stdout


def test_damaged_recordings_are_kept_or_refused_and_never_an_error(tmp_path):
    source = tmp_path / "original"
    chance = random.Random(11)
    originals = (
        ("mov", samples.video("mp4", "libx264", "aac")),
        ("matroska", samples.voice("webm", "libopus")),
        ("ogg", samples.voice("ogg", "libopus")),
    )
    outcomes = set()
    for number in range(12):
        reader, whole = originals[number % 3]
        damaged = bytearray(whole)
        for _spot in range(chance.choice((1, 4, 40))):
            damaged[chance.randrange(12, len(damaged))] = chance.randrange(256)
        source.write_bytes(damaged)
        try:
            outcomes.add(recording.render(source, tmp_path, reader, NOW).kind)
        except attachments.Refused:
            outcomes.add("refused")
    assert {"refused", "voice"} <= outcomes
