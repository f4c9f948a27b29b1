"""One outgoing message: what it says, why it failed, and what an operator may do."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch.problem import Conflict
from integrations import outbox
from integrations.models import OutboundMessage, OutboundState, Verb
from integrations.outbox.hand import ENDABLE, RESENDABLE
from integrations.pages import audit, figures, hiding
from integrations.pages.asking import typed
from integrations.pages.guard import may_act, operator_act, operator_page, show

# Messages that one press of a button sends again.
AT_ONCE = 200
# What a Notice's fields are called.
LABELS = {
    "title": gettext_lazy("标题"),
    "text": gettext_lazy("正文"),
    "url": gettext_lazy("链接"),
    "number": gettext_lazy("编号"),
    "urgent": gettext_lazy("特急"),
}


def outbound_of(pk):
    """The OutboundMessage, with everything its page says; raises Http404."""
    try:
        return OutboundMessage.objects.select_related(
            "channel", "source", "event", "recipient__user__officer", "bundled_in"
        ).get(pk=pk)
    except OutboundMessage.DoesNotExist:
        raise Http404(_("没有这条去件。")) from None


@operator_page
def detail(request, scope, pk):
    """The message, its way so far, and what was done with it."""
    message = outbound_of(pk)
    return show(
        request,
        scope,
        "ops/outbound.html",
        "outbox",
        message=message,
        to=_address(message.recipient),
        content=_facts(message.content) if may_act(scope) else [],
        resendable=message.state in RESENDABLE,
        endable=message.state in ENDABLE,
        dismissable=figures.wanted().filter(pk=pk, state=OutboundState.DEAD).exists(),
        bundles=message.bundles.select_related("event").order_by("pk")[:50],
        acts=audit.acts(outbound=message).order_by("-at", "-pk")[: audit.SHOWN],
    )


def _address(contact):
    """Whom it reaches: the name, and the end of the address."""
    if contact is None:
        return ""
    address = contact.address if len(contact.address) < 5 else f"…{contact.address[-4:]}"
    return f"{audit.name_of(contact.user)} {address}"


def _facts(content):
    """[(name, value)] of a content, what is secret hidden."""
    hidden = hiding.hidden(content)
    return [(LABELS.get(name, name), str(value)) for name, value in hidden.items() if value]


@operator_act
def resend(request, scope, pk):
    """Send it again, from the front."""
    message = outbound_of(pk)
    try:
        outbox.resend(message, request.user)
    except Conflict as conflict:
        messages.error(request, conflict.detail)
    else:
        audit.note(request.user, Verb.RESENT, **_about(message))
        messages.success(request, _("已排队重发，几秒内发出。"))
    return redirect("ops:outbound", pk=pk)


@operator_act
def give_up(request, scope, pk):
    """End a message that waits or is unknown; a failed one is not looked after any more."""
    message = outbound_of(pk)
    try:
        if message.state != OutboundState.DEAD:
            outbox.give_up(message, request.user)
    except Conflict as conflict:
        messages.error(request, conflict.detail)
        return redirect("ops:outbound", pk=pk)
    audit.note(request.user, Verb.GAVE_UP, **_about(message))
    messages.success(request, _("已放弃，不再列在“需处理”里。"))
    return redirect("ops:outbox")


@operator_act
def resend_all(request, scope):
    """Send the failed messages of one channel or source again; unknown ones never go by the lot."""
    channel, source = typed(request, "channel"), typed(request, "source")
    rows = figures.wanted().filter(state=OutboundState.DEAD)
    if channel:
        rows = rows.filter(channel__code=channel)
    if source:
        rows = rows.filter(source__code=source)
    if not (channel or source):
        messages.error(request, _("请先选定一个通道或来源。"))
        return redirect("ops:outbox")
    sent = 0
    for message in rows.select_related("channel", "source").order_by("pk")[:AT_ONCE]:
        try:
            outbox.resend(message, request.user)
        except Conflict:
            continue
        audit.note(request.user, Verb.RESENT, **_about(message))
        sent += 1
    messages.success(request, _("已排队重发 %(count)s 条。") % {"count": sent})
    return redirect("ops:outbox")


def _about(message):
    return {"channel": message.channel, "source": message.source, "outbound": message}
