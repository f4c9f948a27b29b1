"""What a person does to messages: sends one again, gives one up, tries a channel out."""

import uuid
from dataclasses import asdict
from datetime import timedelta

from django.db.models import Case, Value, When
from django.utils.translation import gettext as _

from dispatch import access
from dispatch.problem import Conflict, Invalid
from events import moment
from events.entry import stamp
from integrations.channels import Notice, kind_of
from integrations.models import Contact, OutboundMessage, OutboundState, Purpose
from integrations.outbox.patience import URGENT, patience

RESENDABLE = (OutboundState.DEAD, OutboundState.UNKNOWN, OutboundState.PENDING)
ENDABLE = (OutboundState.PENDING, OutboundState.UNKNOWN)


def resend(message, by):
    """Send a dead or unknown message again, or a waiting one at once; `by` is a User.

    Its time begins anew. Raises Conflict when it is being sent, was sent, or went in a bundle.
    """
    now = moment.now()
    lasts = timedelta(seconds=patience(message.purpose, message.urgent).lasts_s)
    _change(
        message,
        RESENDABLE,
        state=OutboundState.PENDING,
        attempts=Case(When(state=OutboundState.PENDING, then="attempts"), default=Value(0)),
        next_at=now,
        ended_at=None,
        expires_at=now + lasts,
        reason=_("由 {name} 重发。").format(name=_name(by)),
    )


def give_up(message, by):
    """End a waiting or unknown message; `by` is a User. Raises Conflict when it has ended."""
    _change(
        message,
        ENDABLE,
        state=OutboundState.DEAD,
        next_at=None,
        ended_at=moment.now(),
        reason=_("由 {name} 放弃。").format(name=_name(by)),
    )


def _change(message, states, **fields):
    if not OutboundMessage.objects.filter(pk=message.pk, state__in=states).update(**fields):
        message.refresh_from_db()
        raise Conflict(_("这条去件{state}，不能这样做。").format(state=message.get_state_display()))
    message.refresh_from_db()


def _name(user):
    return access.scope_of(user).name


def try_out(channel, by):
    """A test message by `channel` to its group, or to the person's own address; `by` is a User.

    Raises Invalid when the channel reaches persons and this one has no address of its kind.
    """
    kind = kind_of(channel)
    now = moment.now()
    contact = None
    if kind.personal:
        contact = Contact.objects.filter(user=by, kind=channel.kind, active=True).first()
        if contact is None:
            raise Invalid(contact=_("你没有这类通道的联系方式，无法向自己发送测试消息。"))
    words = Notice(
        _("【测试】先锋通知通道"), _("由 {name} 发送，收到说明通道正常。").format(name=_name(by))
    )
    content = (
        {"type": "test", "timestamp": stamp(now), "data": {}} if kind.entries else asdict(words)
    )
    return OutboundMessage.objects.create(
        key=f"{Purpose.TEST}:{channel.code}:{uuid.uuid4()}",
        purpose=Purpose.TEST,
        channel=channel,
        recipient=contact,
        content=content,
        urgent=True,
        created_at=now,
        next_at=now,
        expires_at=now + timedelta(seconds=URGENT.lasts_s),
    )
