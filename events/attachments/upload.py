"""Accepting a file: received within bounds, recognised, made anew, stored, recorded."""

import hashlib
import tempfile
import threading
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from events.attachments import leftovers, photo, recording, signature
from events.attachments.binding import origin
from events.attachments.refusal import Refused
from events.models import Attachment, AttachmentRole

CHUNK = 64 * 1024
# Decoding takes memory (up to 0.3 GB for 50 megapixels) and a core: few at a time in a process.
DECODERS = threading.BoundedSemaphore(2)
WAIT_S = 30


def accept(upload, *, uploader_id=None, source="", role="", client_id=None, at):
    """The new, unbound Attachment of the binary stream `upload`.

    It is a person's (`uploader_id`) or, without one, of the system by the name `source`. Whose
    `client_id` comes again gets the attachment that it got before. Raises Refused; then there is
    neither a row nor a file. Never believes the upload's name, type or stated size.
    """
    if role not in AttachmentRole.values:
        raise Refused(_("没有这种附件用途。"))
    if found := known(uploader_id, client_id, source):
        return found
    with tempfile.TemporaryDirectory(
        prefix="xianfeng-", dir=settings.FILE_UPLOAD_TEMP_DIR
    ) as directory:
        room = Path(directory)
        original = _receive(upload, room / "original")
        found = signature.recognise(original)
        with _decoder():
            render = photo.render if found.photo else recording.render
            rendition = render(original, room, found.reader, at)
        attachment = Attachment(
            uploader_id=uploader_id,
            source=source,
            role=role,
            client_id=client_id,
            created_at=at,
        )
        return _keep(attachment, rendition)


def known(uploader_id, client_id, source=""):
    """The uploader's (or sending system's) attachment with that client id, or None."""
    if client_id is None:
        return None
    return Attachment.objects.filter(client_id=client_id, **origin(uploader_id, source)).first()


def _receive(upload, path):
    """Copy the stream to `path`, never more than the limit."""
    limit = settings.ATTACHMENT_MAX_BYTES
    size = 0
    with path.open("wb") as out:
        while chunk := upload.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise too_large()
            out.write(chunk)
    return path


def too_large():
    """The Refused for a file above settings.ATTACHMENT_MAX_BYTES."""
    return Refused(
        _("文件超过 %(limit)d MB，没有保存。请降低照片或视频的清晰度，或剪短后再传。")
        % {"limit": settings.ATTACHMENT_MAX_BYTES // 2**20},
        413,
    )


@contextmanager
def _decoder():
    if not DECODERS.acquire(timeout=WAIT_S):
        raise Refused(_("系统正忙，附件还没有保存。请稍后再传。"), 503)
    try:
        yield
    finally:
        DECODERS.release()


def _keep(attachment, rendition):
    """Store the files, then the row; without the row the files go again."""
    day = f"{attachment.created_at.astimezone(UTC):%Y/%m/%d}"
    storage = leftovers.storage()
    names = []
    try:
        for folder, path in (
            (leftovers.FILES, rendition.file),
            (leftovers.THUMBNAILS, rendition.thumbnail),
        ):
            if path:
                with path.open("rb") as stream:
                    name = f"{folder}/{day}/{attachment.pk.hex}{path.suffix}"
                    names.append(storage.save(name, File(stream)))
        _describe(attachment, rendition)
        attachment.file, attachment.thumbnail = (*names, "")[:2]
        with transaction.atomic():
            attachment.save(force_insert=True)
    except IntegrityError:
        leftovers.discard(names)
        # The same file came twice at once: the other one won.
        if found := known(attachment.uploader_id, attachment.client_id, attachment.source):
            return found
        raise
    except BaseException:
        leftovers.discard(names)
        raise
    return attachment


def _describe(attachment, rendition):
    attachment.kind = rendition.kind
    attachment.content_type = rendition.content_type
    attachment.width, attachment.height = rendition.width, rendition.height
    attachment.duration_s = rendition.duration_s
    attachment.taken_at = rendition.taken_at
    if rendition.position:
        attachment.lon, attachment.lat = rendition.position
    with rendition.file.open("rb") as stream:
        attachment.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        attachment.size = stream.tell()
