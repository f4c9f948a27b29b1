"""Files such as phones and strangers send, made in code."""

import io
import struct
import zipfile
import zlib

import av
import numpy as np
from PIL import ExifTags, Image, PngImagePlugin

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (240, 240, 240)
# 北园社区, as a phone's EXIF says it: 23° 7' 48.36" N, 113° 15' 29.52" E
LAT, LON = ((23.0, 7.0, 48.36), "N"), ((113.0, 15.0, 29.52), "E")


def quadrants(size=(640, 480)):
    """A picture of which every corner has a colour of its own: red, green / blue, white."""
    image = Image.new("RGB", size, RED)
    width, height = size[0] // 2, size[1] // 2
    for colour, box in (
        (GREEN, (width, 0, *(size[0], height))),
        (BLUE, (0, height, width, size[1])),
        (WHITE, (width, height, *size)),
    ):
        image.paste(colour, box)
    return image


def corners(image):
    """The names of the colours in the corners: top left, top right, bottom left, bottom right."""
    names = {RED: "red", GREEN: "green", BLUE: "blue", WHITE: "white"}
    right, bottom = image.width - 9, image.height - 9
    found = []
    for at in ((8, 8), (right, 8), (8, bottom), (right, bottom)):
        pixel = image.convert("RGB").getpixel(at)
        found.append(
            names[min(names, key=lambda c: sum(abs(a - b) for a, b in zip(c, pixel, strict=True)))]
        )
    return found


def exif(*, lat=LAT, lon=LON, orientation=None, taken="2026:11:21 16:20:05", offset="+08:00"):
    """An EXIF block with a position, a time, a camera's name and an owner."""
    block = Image.Exif()
    block[ExifTags.Base.Make] = "SecretPhone"
    block[ExifTags.Base.Artist] = "Zhang San"
    if orientation:
        block[ExifTags.Base.Orientation] = orientation
    details = block.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    if lat and lon:
        gps = block.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef] = lat
        gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef] = lon
    return block


def saved(image, kind, **options):
    """The bytes of an image."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(size=(640, 480), **options):
    """A camera's JPEG; `exif`, `comment` and the like as Pillow takes them."""
    return saved(quadrants(size), "JPEG", quality=90, **options)


def noise(size=(1200, 900)):
    """A JPEG that does not compress well, for cutting."""
    pixels = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3), np.uint8)
    return saved(Image.fromarray(pixels), "JPEG", quality=90)


def png(**texts):
    """A half transparent PNG with text chunks."""
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_text(key, text)
        info.add_itxt(f"i-{key}", text)
    image = quadrants().convert("RGBA")
    image.putalpha(Image.new("L", image.size, 255))
    image.paste((0, 0, 0, 0), (300, 200, 340, 240))
    return saved(image, "PNG", pnginfo=info)


def bomb(width=30_000, height=30_000):
    """A PNG of a few hundred bytes that says it is enormous."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


def archive():
    """A ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("run.js", "alert(1)")
    return out.getvalue()


def voice(kind="webm", codec="libopus", *, seconds=2, rate=48000, metadata=None):
    """A spoken message: a tone."""
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as container:
        container.metadata.update(metadata or {})
        track = container.add_stream(codec, rate=rate, layout="mono")
        _speak(container, track, seconds, rate)
    return out.getvalue()


def covered(message):
    """An MP3 with a picture in it, as music players and some recorders write it."""

    def sized(number):
        return bytes(number >> shift & 127 for shift in (21, 14, 7, 0))

    picture = b"\0image/jpeg\0\x03\0" + jpeg()
    frame = b"APIC" + struct.pack(">IH", len(picture), 0) + picture
    return b"ID3\x03\0\0" + sized(len(frame)) + frame + message[message.index(b"\xff\xfb") :]


def _speak(container, track, seconds, rate):
    context = track.codec_context
    context.open(strict=False)
    resampler = av.AudioResampler(context.format, "mono", rate, context.frame_size or 1024)
    for start in range(0, int(rate * seconds), 1024):
        wave = np.sin(2 * np.pi * 440 * np.arange(start, start + 1024) / rate) * 8000
        frame = av.AudioFrame.from_ndarray(wave.astype(np.int16).reshape(1, -1), "s16", "mono")
        frame.sample_rate, frame.pts = rate, start
        for piece in resampler.resample(frame):
            container.mux(track.encode(piece))
    for piece in resampler.resample(None):
        container.mux(track.encode(piece))
    container.mux(track.encode(None))


def video(
    kind="mp4", codec="libx264", sound=None, *, seconds=2, size=(320, 240), fps=10, metadata=None
):
    """A clip of the quadrants, with sound if a codec for it is given."""
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as container:
        container.metadata.update(metadata or {})
        picture = container.add_stream(codec, rate=fps)
        picture.width, picture.height = size
        picture.pix_fmt = "yuv420p"
        track = container.add_stream(sound, rate=48000, layout="mono") if sound else None
        still = quadrants(size)
        for _number in range(int(seconds * fps)):
            container.mux(picture.encode(av.VideoFrame.from_image(still)))
        container.mux(picture.encode(None))
        if track:
            _speak(container, track, seconds, 48000)
    return out.getvalue()


def turned(clip):
    """An MP4 as a phone held upright writes it: shown turned by 90° clockwise."""
    at = clip.index(b"tkhd") + 4 + 40  # version 0: the matrix begins 40 bytes into the box
    one = 1 << 16
    return clip[:at] + struct.pack(">9i", 0, one, 0, -one, 0, 0, 0, 0, 1 << 30) + clip[at + 36 :]


def amr(seconds=2):
    """A voice message of an older phone: AMR narrow band, 8 kHz, silence."""
    # 4.75 kbit/s: one header byte and twelve bytes of speech every 20 ms.
    return b"#!AMR\n" + (b"\x04" + bytes(12)) * int(seconds * 50)
