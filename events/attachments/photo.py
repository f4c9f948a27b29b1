"""Photos: decoded completely, turned upright, made smaller, written anew without metadata."""

import struct
import zlib

from django.utils.translation import gettext as _
from PIL import Image
from PIL.ExifTags import Base

from events.attachments import provenance
from events.attachments.refusal import Refused
from events.attachments.rendition import Rendition
from events.models import AttachmentKind

# A JPEG is decoded at the size that we keep; the others come whole into memory first.
MAX_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
MAX_SIDE, THUMBNAIL_SIDE = 2560, 480  # pixels
QUALITY, THUMBNAIL_QUALITY = 85, 80
# How to turn a picture upright, by its EXIF orientation.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow raises for files that are damaged or made to hurt.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError)
BROKEN += (struct.error, zlib.error)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def render(source, room, reader, now):
    """The Rendition of a photo, its files in the directory `room`. Raises Refused."""
    try:
        with Image.open(source, formats=[reader]) as image:
            _check_size(*image.size, MAX_PIXELS[reader])
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            image.load()
            exif = _exif(image)
            clean = _clean(image, exif.get(Base.Orientation))
    except BOMBS:
        raise Refused(_("照片尺寸过大，没有保存。请改用普通拍照模式。")) from None
    except BROKEN:
        raise Refused(_("照片不完整或已损坏，没有保存。请重新拍摄或重新选择后再传。")) from None
    file, thumbnail = room / "photo.jpg", room / "thumbnail.jpg"
    clean.save(file, "JPEG", quality=QUALITY)
    small = clean.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    small.save(thumbnail, "JPEG", quality=THUMBNAIL_QUALITY)
    return Rendition(
        kind=AttachmentKind.PHOTO,
        content_type="image/jpeg",
        file=file,
        thumbnail=thumbnail,
        width=clean.width,
        height=clean.height,
        position=provenance.exif_position(exif),
        taken_at=provenance.exif_taken_at(exif, now),
    )


def _check_size(width, height, most):
    if width * height > most:
        raise Refused(
            _("照片有 %(width)d×%(height)d 像素，超过 %(most)d 万，没有保存。请改用普通拍照模式。")
            % {"width": width, "height": height, "most": most // 10_000}
        )


def _exif(image):
    """The picture's EXIF; an unreadable one is an empty one, for the photo itself is good."""
    try:
        exif = image.getexif()
        for ifd in (provenance.IFD.Exif, provenance.IFD.GPSInfo):
            exif.get_ifd(ifd)
    except BROKEN:
        return Image.Exif()
    return exif


def _clean(image, orientation):
    """Upright pixels at most MAX_SIDE wide and high in RGB, and nothing beside the pixels."""
    transparent = image.has_transparency_data
    mode = "RGBA" if transparent else "RGB"
    if image.mode != mode:
        image = image.convert(mode)
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    if orientation in UPRIGHT:
        image = image.transpose(UPRIGHT[orientation])
    if transparent:
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    # Pillow would write comments and XMP from here.
    image.info = {}
    return image
