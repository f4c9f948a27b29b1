"""What a file really is, by its first bytes. Names and declared types are never believed."""

import re
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.attachments.refusal import Refused

HEAD = 512  # bytes that tell


@dataclass(frozen=True)
class Signature:
    """A format that is taken: `reader` is Pillow's format or FFmpeg's demuxer."""

    photo: bool
    reader: str


JPEG, PNG, WEBP = (Signature(True, reader) for reader in ("JPEG", "PNG", "WEBP"))
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# What people send by mistake, or on purpose: told by name so that they know what to change.
STRANGERS = (
    (re.compile(rb"GIF8[79]a"), gettext_lazy("GIF 动图")),
    (re.compile(rb"BM.{4}\0\0\0\0", re.S), gettext_lazy("BMP 图片")),
    (re.compile(rb"II\*\0|MM\0\*"), gettext_lazy("TIFF 或相机原始照片")),
    (re.compile(rb"%PDF-"), gettext_lazy("PDF 文档")),
    (re.compile(rb"PK\x03\x04|PK\x05\x06"), gettext_lazy("压缩包或办公文档")),
    (
        re.compile(rb"Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd"),
        gettext_lazy("压缩包"),
    ),
    (re.compile(rb"MZ|\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe|dex\n"), gettext_lazy("程序")),
    (re.compile(rb"(\xef\xbb\xbf)?\s*<\?php", re.I), gettext_lazy("脚本")),
    (re.compile(rb"(\xef\xbb\xbf)?\s*#!"), gettext_lazy("脚本")),
    (re.compile(rb".{0,400}<svg[\s>]", re.I | re.S), gettext_lazy("SVG 图形")),
    (
        re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|script|!--|\?xml)", re.I),
        gettext_lazy("网页或脚本"),
    ),
)
# Text that a camera never writes. Long enough not to turn up by chance in compressed data.
SMUGGLED = re.compile(
    rb"<script[\s>/]|<html[\s>]|<!doctype\s+html|<svg\s[^>]{0,200}xmlns|<\?php\s|%PDF-1\.", re.I
)
CHUNK = 1 << 20


def recognise(path):
    """The Signature of a file; raises Refused for empty, unknown and unwanted ones."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head:
        raise Refused(_("文件是空的，没有保存。请重新拍摄或选择文件。"))
    found = _photo(head) or _recording(head)
    if not found:
        raise Refused(
            _(
                "只接受照片（JPEG、PNG、WebP）、语音和视频（MP4、WebM）；这个文件是%(what)s，没有保存。"
            )
            % {"what": _stranger(head)},
            415,
        )
    _check_alone(path)
    return found


def _photo(head):
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        raise Refused(
            _("不支持 HEIC 照片，没有保存。请在相机设置里选“兼容性最佳”（JPEG），或另存为 JPEG。"),
            415,
        )
    return None


def _recording(head):
    if head[4:8] == b"ftyp" and head[8:12] not in (b"avif", b"avis"):
        reader = "mov"
    elif head.startswith(b"\x1a\x45\xdf\xa3"):
        reader = "matroska"
    elif head.startswith(b"OggS"):
        reader = "ogg"
    elif head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        reader = "wav"
    elif head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        reader = "amr"
    elif head.startswith(b"ID3") or _mpeg_audio(head):
        reader = "mp3"
    elif len(head) > 6 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        reader = "aac"
    else:
        return None
    return Signature(False, reader)


def _mpeg_audio(head):
    """Whether an MPEG audio frame header with possible values stands at the start."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bit_rate, rate = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer == 1 and bit_rate not in (0, 15) and rate != 3


def _stranger(head):
    for pattern, name in STRANGERS:
        if pattern.match(head):
            return name
    return _("别的内容")


def _check_alone(path):
    """Refuse a picture that is also an archive or a web page."""
    smuggled = zipfile.is_zipfile(path)
    with path.open("rb") as stream:
        tail = b""
        while not smuggled and (chunk := stream.read(CHUNK)):
            smuggled = SMUGGLED.search(tail + chunk)
            tail = chunk[-256:]
    if smuggled:
        raise Refused(_("文件里夹带了网页、脚本、文档或压缩包，没有保存。请直接用相机拍摄后上传。"))
