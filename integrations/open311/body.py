"""The body of a post: a form, bounded, in UTF-8."""

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from events.report import clean
from integrations.open311 import answers
from integrations.open311.faults import Fault

FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
# Everything but the file: 4,000 Chinese characters are 36 kB in a form, and there are answers.
TEXT_BYTES = 256 * 1024
CHUNK = 64 * 1024
# Of a body that is too large, this many times the limit is read and thrown away, so that the sender
# is still there to hear the answer.
PATIENCE = 4
MAX_FILES = 5
MAX_ANSWERS = 100


def read(request):
    """(fields {name: text}, answers {code: [value]}, [uploaded file]). Raises Fault.

    A field that came empty is as good as none; of a field that came twice the last one counts.
    """
    if request.content_type not in FORMS:
        raise Fault(_("请用表单提交：%(types)s。") % {"types": "、".join(sorted(FORMS))}, code=415)
    check_length(request)
    try:
        post, files = request.POST, request.FILES
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        raise Fault(_("表单不完整、太大，或格式有误。")) from None
    given = answers.given(post)
    if len(given) > MAX_ANSWERS:
        raise Fault(_("attribute 太多。"))
    # The key may stand in the address, as some clients send it.
    fields = {"api_key": request.GET.get("api_key", "")}
    fields |= {name: clean(post[name]) for name in post if not answers.FIELD.fullmatch(name)}
    fields = {name: text for name, text in fields.items() if text}
    texts = [*fields.values(), *(text for values in given.values() for text in values)]
    if any("\ufffd" in text for text in texts):
        raise Fault(_("文字应为 UTF-8 编码。"))
    return fields, given, _media(files)


def check_length(request):
    """Refuse by the declared length, before anything is parsed. Raises Fault."""
    most = TEXT_BYTES
    if request.content_type == "multipart/form-data":
        most += settings.ATTACHMENT_MAX_BYTES
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) <= most:
        return
    for _chunk in range(PATIENCE * most // CHUNK):
        if not request.read(CHUNK):
            break
    raise Fault(
        _("内容太大：文字限 %(text)d KB，附件合计限 %(file)d MB。")
        % {"text": TEXT_BYTES // 1024, "file": settings.ATTACHMENT_MAX_BYTES // 2**20},
        status=413,
    )


def _media(files):
    names = set(files)
    if not names <= {"media", "media[]"}:
        raise Fault(_("附件字段名应为 media。"))
    media = [file for name in sorted(names) for file in files.getlist(name)]
    if len(media) > MAX_FILES:
        raise Fault(_("附件最多 %(most)d 个。") % {"most": MAX_FILES})
    return media
