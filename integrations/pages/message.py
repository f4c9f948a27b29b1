"""One incoming message: what it holds, why it was put aside, and what an operator may do."""

import uuid
from datetime import timedelta

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from events import moment
from integrations.models import InboundMessage, InboundState, Verb
from integrations.pages import audit, body, hiding
from integrations.pages.colour import coloured
from integrations.pages.guard import may_act, operator_act, operator_page, show
from integrations.pages.trial import trial

# Looking at the same message again within this time is the same look.
ONE_LOOK = timedelta(hours=1)
# Lines of the field in which a message is mended.
ROWS_LEAST, ROWS_MOST = 6, 22


def message_of(receipt):
    """The InboundMessage with that receipt, with its source and event; raises Http404."""
    try:
        return InboundMessage.objects.select_related("source", "event", "mended_by__officer").get(
            receipt=receipt
        )
    except InboundMessage.DoesNotExist:
        raise Http404(_("没有这条消息。")) from None


@operator_page
def detail(request, scope, receipt):
    """The message. What citizens said in it is for operators only, and looking is written down."""
    message = message_of(receipt)
    if may_act(scope):
        look(request.user, message)
    return page(request, scope, message)


def look(user, message):
    """Write down that somebody looked at what the message holds."""
    seen = message.acts.filter(user=user, verb=Verb.READ, at__gt=moment.now() - ONE_LOOK)
    if not seen.exists():
        audit.note(user, Verb.READ, source=message.source, inbound=message)


def page(request, scope, message, *, status=200, **context):
    """The page of a message; `context` adds what an act has to say."""
    if may_act(scope):
        context = _content(request, message) | context
    return show(
        request,
        scope,
        "ops/message.html",
        "quarantine",
        message=message,
        headers=hiding.headers(message.headers),
        mended_by=audit.name_of(message.mended_by) if message.mended_by else "",
        items=message.items.select_related("event").order_by("edition", "index")[:20],
        acts=audit.acts(inbound=message).order_by("-at", "-pk")[: audit.SHOWN],
        open=message.state == InboundState.QUARANTINED,
        status=status,
        **context,
    )


def _content(request, message):
    """The bytes as text, in the encoding asked for, and what they would become."""
    content = bytes(message.body) if request.GET.get("original") else message.content
    encoding = request.GET.get("encoding") or request.POST.get("encoding")
    if encoding not in dict(body.ENCODINGS):
        encoding = body.guess(content, message.content_type, message.source.encoding)
    shown = body.shown(content, encoding, pretty=not request.GET.get("raw"))
    context = {
        "shown": shown,
        "coloured": coloured(shown.text, shown.form),
        "encodings": body.ENCODINGS,
        "encoding": encoding,
        "raw": request.GET.get("raw", ""),
        "original": request.GET.get("original", ""),
        "text": body.editable(message.content, encoding),
    }
    lines = (context["text"] or "").count("\n")
    context["rows"] = min(max(lines + 2, ROWS_LEAST), ROWS_MOST)
    if message.state == InboundState.QUARANTINED:
        # What a replay would give with the settings and mappings of this moment.
        context["now"] = trial(message.source, message.content, message.content_type)
    return context


@operator_act
def try_out(request, scope, receipt):
    """What the mended text would become; nothing is kept."""
    message = message_of(receipt)
    content, wrong = mended(request, message)
    found = None if wrong else trial(message.source, content, message.content_type)
    return page(
        request,
        scope,
        message,
        typed=request.POST.get("text", ""),
        trial=found,
        wrong=wrong,
        status=422 if wrong else 200,
    )


def mended(request, message):
    """(bytes, "") of what was typed or chosen as a file, or (b"", why not)."""
    limit = message.source.max_bytes
    if file := request.FILES.get("file"):
        if file.size > limit:
            return b"", _("文件超过这个来源的单条上限。")
        return file.read(), ""
    text, encoding = request.POST.get("text", ""), request.POST.get("encoding", "")
    if encoding not in dict(body.ENCODINGS):
        return b"", _("请选择编码。")
    try:
        content = body.written(text, encoding, like=message.content)
    except body.Unwritable as problem:
        return b"", str(problem)
    if not content:
        return b"", _("消息是空的。")
    if len(content) > limit:
        return b"", _("超过这个来源的单条上限。")
    return content, ""


def download(request, scope, message, content):
    """The bytes as a file: never shown by a browser, whatever they are."""
    audit.note(request.user, Verb.DOWNLOADED, source=message.source, inbound=message)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{uuid.UUID(str(message.receipt))}"'
    return response


@operator_act
def original(request, scope, receipt):
    """The bytes as they came."""
    message = message_of(receipt)
    return download(request, scope, message, bytes(message.body))
