"""What operators do with a message in quarantine: mend, replay, discard, and replay them all."""

import time

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dispatch.problem import Conflict
from events import moment
from integrations import quarantine
from integrations.models import InboundMessage, InboundState, Verb
from integrations.pages import audit
from integrations.pages.asking import typed
from integrations.pages.guard import operator_act, show
from integrations.pages.message import mended, message_of, page
from integrations.pages.sources import source_of

REASON_MOST = 300
# A step of a long replay takes about so long, a few messages at a time.
STEP_S, FEW = 1.0, 5


@operator_act
def mend(request, scope, receipt):
    """Keep the mended bytes beside the body, and read them at once."""
    message = message_of(receipt)
    content, wrong = mended(request, message)
    if not wrong and request.POST.get("edition") != str(message.edition):
        wrong = _("这条消息刚被别人改过，你的修改没有保存。请对照最新内容再改。")
    if wrong:
        typed = request.POST.get("text", "")
        return page(request, scope, message, typed=typed, wrong=wrong, status=422)
    try:
        message = quarantine.mend(message, content, request.user)
    except Conflict as conflict:
        return _refused(request, receipt, conflict)
    audit.note(request.user, Verb.MENDED, source=message.source, inbound=message)
    return _replay(request, message)


@operator_act
def replay(request, scope, receipt):
    """Read the message again as it is now."""
    return _replay(request, message_of(receipt))


def _replay(request, message):
    try:
        message = quarantine.replay(message)
    except Conflict as conflict:
        return _refused(request, message.receipt, conflict)
    state = InboundState(message.state)
    audit.note(
        request.user, Verb.REPLAYED, str(state.label), source=message.source, inbound=message
    )
    if state == InboundState.DONE:
        number = message.event.number if message.event else _("没有新事件")
        messages.success(request, _("已处理：%(number)s") % {"number": number})
    elif message.retry_at and message.retry_at <= moment.now():
        messages.success(request, _("很大，已处理一部分，时钟会接着做完。"))
    else:
        messages.error(request, _("仍在隔离区：%(reason)s") % {"reason": message.reason})
    return redirect("ops:message", receipt=message.receipt)


@operator_act
def discard(request, scope, receipt):
    """Take the message out of the quarantine; a reason is needed, and the bytes stay."""
    message = message_of(receipt)
    reason = typed(request, "reason")[:REASON_MOST]
    if not reason:
        messages.error(request, _("请写明为什么弃置，没有改动。"))
        return redirect("ops:message", receipt=receipt)
    try:
        quarantine.discard(message, request.user, reason)
    except Conflict as conflict:
        return _refused(request, receipt, conflict)
    audit.note(request.user, Verb.DISCARDED, reason, source=message.source, inbound=message)
    messages.success(request, _("已弃置，原文仍可查。"))
    return redirect("ops:quarantine")


@operator_act
def replay_all(request, scope, code):
    """One step of replaying a source's quarantine; the answer asks for the next one by itself.

    The page that watches carries how far it is: closed and begun again, it starts from the front,
    and what is done is not done twice.
    """
    source = source_of(code)
    run = {name: _count(request.POST.get(name)) for name in ("after", "total", "done", "kept")}
    if not run["after"]:
        waiting = InboundMessage.objects.filter(source=source, state=InboundState.QUARANTINED)
        run["total"] = waiting.count()
        words = _("开始，共 %(total)s 条") % run
        audit.note(request.user, Verb.REPLAYED_ALL, words, source=source)
    over = _go_on(source, run)
    if over:
        words = _("完成，处理 %(done)s 条，仍隔离 %(kept)s 条") % run
        audit.note(request.user, Verb.REPLAYED_ALL, words, source=source)
    context = {
        "source": source,
        "run": run,
        "gone": run["done"] + run["kept"],
        "over": over,
    }
    if request.htmx:
        return render(request, "ops/part/replays.html", context)
    return show(request, scope, "ops/replays.html", "quarantine", **context)


def _go_on(source, run):
    """Replay for about STEP_S, counting in `run`; whether that was all."""
    end = time.monotonic() + STEP_S
    while step := quarantine.replay_all(source, after=run["after"], limit=FEW):
        if not step.last:
            return True
        run["done"] += step.done
        run["kept"] += step.kept
        run["after"] = step.last
        run["total"] = max(run["total"], run["done"] + run["kept"])
        if time.monotonic() >= end:
            break
    return False


def _count(text):
    return int(text) if text and text.isdecimal() and len(text) < 16 else 0


def _refused(request, receipt, conflict):
    messages.error(request, conflict.detail)
    return redirect("ops:message", receipt=receipt)
