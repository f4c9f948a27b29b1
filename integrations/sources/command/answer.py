"""The command centre is told of progress by a webhook in JSON, signed by Standard Webhooks."""

import json

from django.db.models import F, Q
from django.utils.translation import gettext as _

from events import moment
from events.entry import stamp
from integrations.channels.webhook import name_of, signed
from integrations.outcome import Outcome, Verdict
from integrations.sources.posting import send as post
from integrations.sources.reply import reply_to


def content(source, entry):
    """{type, timestamp, data: {id, number, said, state, text, department}} for a timeline entry, or
    None; `said` is progress, return or done, times are UTC."""
    event = entry.event
    reply = reply_to(entry) if event.external_id and source.options.get("answer_url") else None
    if reply is None:
        return None
    return {
        "type": f"event.{reply.said}",
        "timestamp": stamp(entry.at),
        "data": {
            "id": event.external_id,
            "number": event.number,
            "seq": entry.seq,
            "said": str(reply.said),
            "state": event.state,
            "text": reply.text,
            "department": reply.department,
        },
    }


def send(source, message, fetch):
    """POST the webhook; an Outcome."""
    secret = source.options.get("answer_secret") or _newest_secret(source)
    body = json.dumps(message.content, ensure_ascii=False, separators=(",", ":"))
    try:
        headers = signed(secret, name_of(message), moment.now(), body)
    except (ValueError, TypeError, RuntimeError):
        return Outcome(Verdict.FAILED, _("签名密钥不是 whsec_ 加 base64。"))
    headers["Content-Type"] = "application/json"
    return post(source, message, fetch, data=body.encode(), headers=headers)


def _newest_secret(source):
    """The key that stays valid longest: while keys are rotated, the new one."""
    valid = source.secrets.filter(Q(expires_at=None) | Q(expires_at__gt=moment.now()))
    return (
        valid.order_by(F("expires_at").desc(nulls_first=True), "-pk")
        .values_list("secret", flat=True)
        .first()
        or ""
    )
