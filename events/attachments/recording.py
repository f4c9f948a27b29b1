"""Voices and videos: rewritten by the transcoder in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy

from events.attachments import provenance
from events.attachments.refusal import Refused
from events.attachments.rendition import Rendition

TRANSCODER = Path(__file__).with_name("transcoder.py")
VOICE_MAX_S, VIDEO_MAX_S = 600, 300
PATIENCE_S = 120
# The decoder of strangers' files needs to find its libraries and nothing else of ours.
ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
REFUSALS = {
    "broken": (gettext_lazy("录音或视频不完整或已损坏，没有保存。请重新录制后再传。"), 422),
    "silent": (gettext_lazy("文件里没有声音也没有画面，没有保存。请重新录制。"), 422),
    "codec": (
        gettext_lazy("这种编码播放不了，没有保存。请在相机设置里选“兼容性最佳”（H.264）后重录。"),
        415,
    ),
    "long": (gettext_lazy("语音限 10 分钟，视频限 5 分钟，没有保存。请分段录制。"), 422),
    "large": (gettext_lazy("画面尺寸过大，没有保存。请用 1080p 录制。"), 422),
}


def render(source, room, reader, now):
    """The Rendition of a voice or video, its files in the directory `room`. Raises Refused."""
    order = {
        "source": str(source),
        "room": str(room),
        "reader": reader,
        "max_bytes": settings.ATTACHMENT_MAX_BYTES * 2,
        "voice_max_s": VOICE_MAX_S,
        "video_max_s": VIDEO_MAX_S,
    }
    found = _transcode(order)
    thumbnail = room / "thumbnail.jpg"
    return Rendition(
        kind=found["kind"],
        content_type=found["content_type"],
        file=room / found["file"],
        thumbnail=thumbnail if thumbnail.exists() else None,
        width=found["width"],
        height=found["height"],
        duration_s=found["duration_s"],
        position=provenance.iso6709_position(found["location"]),
        taken_at=provenance.iso8601_taken_at(found["created"], now),
    )


def _transcode(order):
    """What the transcoder tells of its work. A crash, a hang or a hog is a broken file."""
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-I", str(TRANSCODER)],
            input=json.dumps(order),
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
        told = json.loads(done.stdout) if done.returncode == 0 else {"refused": "broken"}
    except (subprocess.TimeoutExpired, ValueError):
        told = {"refused": "broken"}
    if reason := told.get("refused"):
        text, status = REFUSALS[reason]
        raise Refused(str(text), status)
    return told
