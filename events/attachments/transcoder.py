"""Rewrites one voice or video without its metadata; a script, run as a process of its own.

Reads an order as JSON from stdin, writes `recording.<m4a|mp4|webm>` and `thumbnail.jpg` into the
order's room, and prints what it found as JSON, or {"refused": reason}. It imports nothing of ours
and limits itself, because decoders of strangers' files are where programs get broken into.
Voice becomes AAC in MP4, which every phone plays; video keeps its H.264 (MP4) or VP8, VP9, AV1
(WebM) and loses everything else.
"""

import contextlib
import json
import resource
import sys
from fractions import Fraction
from pathlib import Path

import av

VOICES = {"aac", "mp3", "opus", "vorbis", "flac", "amr_nb", "amr_wb"}
VIDEOS = {"h264": "mp4", "vp8": "webm", "vp9": "webm", "av1": "webm"}
SOUNDS = {"mp4": "aac", "webm": "opus"}
ENCODERS = {"aac": "aac", "opus": "libopus"}
VOICE_RATES = {16000, 22050, 24000, 32000, 44100, 48000}
MAX_PIXELS = 4096 * 2304
THUMBNAIL_SIDE = 480
CPU_S, MEMORY = 100, 2 << 30


class Refuse(Exception):
    """The recording is not taken; the argument says why."""


class Copied:
    """A track whose packets are taken over as they are."""

    def __init__(self, out, stream):
        self.out = out
        self.stream = out.add_stream_from_template(stream)
        self.stream.metadata.clear()
        self.waiting, self.dts = [], None

    def write(self, packet):
        """Write the packet, given a decoding time if its container has none (Matroska)."""
        packet.stream = self.stream
        if packet.dts is None and self.dts is None:
            self.waiting.append(packet)
            return
        if packet.dts is None:
            packet.dts = self.dts + 1
        self._release(packet.dts)
        self.dts = packet.dts
        self.out.mux(packet)

    def _release(self, before):
        """Write the first packets, which had no decoding time, ahead of `before`."""
        for place, packet in enumerate(self.waiting):
            packet.dts = before - (len(self.waiting) - place) * (packet.duration or 1)
            self.out.mux(packet)
        self.waiting = []

    def finish(self):
        """Write what was held back for want of a decoding time."""
        if self.waiting:
            self._release(min(packet.pts for packet in self.waiting))


class Encoded:
    """A sound track that is decoded and encoded again."""

    def __init__(self, out, stream, codec, *, rate, layout, bit_rate, renumber=False):
        self.out, self.decoder = out, stream.codec_context
        self.decoder.thread_count = 1
        self.stream = out.add_stream(ENCODERS[codec], rate=rate, layout=layout)
        self.stream.bit_rate = bit_rate
        self.rate, self.layout = rate, layout
        self.renumber, self.samples, self.resampler, self.shape = renumber, 0, None, None

    def write(self, packet):
        try:
            frames = self.decoder.decode(packet)
        except av.error.InvalidDataError:
            return  # a damaged packet is a click, not the end of the message
        for frame in frames:
            self._resample(frame)

    def _resample(self, frame):
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != self.shape:
            self._drain()
            self.shape = shape
            context = self.stream.codec_context
            context.open(strict=False)
            self.resampler = av.AudioResampler(
                format=context.format,
                layout=self.layout,
                rate=self.rate,
                frame_size=context.frame_size,
            )
        self._encode(self.resampler.resample(frame))

    def _drain(self):
        if self.resampler:
            self._encode(self.resampler.resample(None))

    def _encode(self, frames):
        for frame in frames:
            if self.renumber:
                frame.pts, frame.time_base = self.samples, Fraction(1, self.rate)
            self.samples += frame.samples
            self.out.mux(self.stream.encode(frame))

    def finish(self):
        self.write(None)
        self._drain()
        if self.samples:
            self.out.mux(self.stream.encode(None))


def main():
    order = json.load(sys.stdin)
    limit(order["max_bytes"])
    try:
        told = rewrite(order)
    except Refuse as refused:
        told = {"refused": str(refused)}
    except (av.error.FFmpegError, ValueError, MemoryError):
        told = {"refused": "broken"}
    json.dump(told, sys.stdout)


def limit(max_bytes):
    """No core files, no large files, bounded memory (bytes) and CPU (seconds)."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, max_bytes),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_AS, MEMORY),
    ):
        # Not every system lets itself be limited in every way.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def rewrite(order):
    """Write the recording anew; returns what was found. Raises Refuse."""
    told = {"width": None, "height": None}
    with opened(order) as source:
        sound, picture = tracks(source)
        if not (sound or picture):
            raise Refuse("codec" if source.streams.audio else "silent")
        if picture:
            told["width"], told["height"] = thumbnail(source, picture, order)
        tags = source.metadata
    # From the start again: a recording made live cannot always be wound back.
    with opened(order) as source:
        sound, picture = tracks(source)
        told |= video(source, picture, sound, order) if picture else voice(source, sound, order)
    told["location"] = tags.get("com.apple.quicktime.location.ISO6709") or tags.get("location")
    told["created"] = tags.get("com.apple.quicktime.creationdate") or tags.get("creation_time")
    return told


def opened(order):
    """The recording, read as what its signature said and from this one file only."""
    return av.open(
        order["source"],
        format=order["reader"],
        metadata_errors="replace",
        container_options={"protocol_whitelist": "file", "probesize": "5000000"},
    )


def tracks(source):
    """The first sound that we can decode and the first moving picture; None where there is none."""
    sound = next((s for s in source.streams.audio if name(s) in VOICES or pcm(s)), None)
    picture = next((s for s in source.streams.video if not s.disposition & COVER), None)
    return sound, picture


COVER = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails


def name(stream):
    """The codec's own name, whichever library decodes it."""
    context = stream.codec_context
    return context.codec.canonical_name if context else ""


def pcm(stream):
    """Whether the sound is plain samples."""
    return name(stream).startswith("pcm_")


def output(order, suffix):
    """A new container that writes no tags of its own either."""
    options = {"fflags": "+bitexact"}
    if suffix != "webm":
        options["movflags"] = "+faststart"
    path = Path(order["room"], f"recording.{suffix}")
    kind = "webm" if suffix == "webm" else "mp4"
    return path, av.open(str(path), "w", format=kind, container_options=options)


def voice(source, sound, order):
    """Speech as AAC, mono."""
    rate = sound.codec_context.sample_rate
    if rate not in VOICE_RATES:
        rate = 16000 if rate < 16000 else 48000
    path, out = output(order, "m4a")
    with out:
        track = Encoded(out, sound, "aac", rate=rate, layout="mono", bit_rate=64000, renumber=True)
        for packet in source.demux(sound):
            if packet.size:
                track.write(packet)
            if track.samples > rate * order["voice_max_s"]:
                raise Refuse("long")
        track.finish()
    if not track.samples:
        raise Refuse("broken")
    return {
        "kind": "voice",
        "content_type": "audio/mp4",
        "file": path.name,
        "duration_s": round(track.samples / rate, 2),
    }


def video(source, picture, sound, order):
    """The picture as it is in a new container, the sound as it is where that container has it."""
    suffix = VIDEOS[name(picture)]
    path, out = output(order, suffix)
    with out:
        written = {picture.index: Copied(out, picture)}
        if sound:
            written[sound.index] = (
                Copied(out, sound)
                if name(sound) == SOUNDS[suffix]
                else Encoded(
                    out, sound, SOUNDS[suffix], rate=48000, layout="stereo", bit_rate=128000
                )
            )
        ends = copy(source, [stream for stream in (picture, sound) if stream], written, order)
    return {
        "kind": "video",
        "content_type": f"video/{suffix}",
        "file": path.name,
        "duration_s": round(ends, 2),
    }


def copy(source, streams, written, order):
    """Write every packet to its track; returns the picture's length in seconds."""
    first = last = None
    for packet in source.demux(streams):
        if not packet.size:
            continue
        if packet.pts is None:
            raise Refuse("broken")
        if packet.stream.type == "video":
            begins = float(packet.pts * packet.time_base)
            ends = begins + float((packet.duration or 0) * packet.time_base)
            first = begins if first is None else min(first, begins)
            last = ends if last is None else max(last, ends)
            if last - first > order["video_max_s"]:
                raise Refuse("long")
        written[packet.stream.index].write(packet)
    if first is None:
        raise Refuse("broken")
    for track in written.values():
        track.finish()
    return last - first


def thumbnail(source, picture, order):
    """Write the first picture, upright; returns the video's width and height as shown."""
    if name(picture) not in VIDEOS:
        raise Refuse("codec")
    if not 0 < picture.width * picture.height <= MAX_PIXELS:
        raise Refuse("large")
    picture.codec_context.thread_count = 1
    frame = next(source.decode(picture), None)
    if frame is None:
        raise Refuse("broken")
    image = frame.to_image()
    if frame.rotation:
        image = image.rotate(frame.rotation, expand=True)
    size = image.size
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    image.save(Path(order["room"], "thumbnail.jpg"), "JPEG", quality=80)
    return size


if __name__ == "__main__":
    main()
