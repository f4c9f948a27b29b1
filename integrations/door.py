"""`/feeds/<source>/`: the door for other systems. Kept first, then looked into."""

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from dispatch.api.problems import MEDIA_TYPE, TITLES, plain
from dispatch.problem import Conflict
from integrations import faults, inbox
from integrations.admission import RETRY_AFTER_S, NotAdmitted, admit, later
from integrations.models import InboundState, Source
from integrations.processing import deliver
from integrations.readback import stage_of
from integrations.sources import kind_of
from integrations.sources.kind import Delivery


@csrf_exempt
def feed(request, code):
    """Take a delivery: 202 {receipt, event?, events?}; the same again 200 with the same receipt.

    401 is not let in and not kept; 422 is kept, in quarantine, with the reason in words; a kind may
    answer in its own form.
    """
    return _guarded(request, code, "POST", _take)


@csrf_exempt
def stage(request, code, external_id):
    """How far the source's own event has come: see readback.stage_of. Signed like a delivery."""
    return _guarded(request, code, "GET", _show, external_id)


def unknown(request, rest=""):
    """No source has this address."""
    return plain(404, _("没有这个来源，或它已停用。"))


def _guarded(request, code, method, view, *args):
    try:
        source = Source.objects.filter(code=code, active=True).first()
        if source is None:
            return unknown(request)
        if request.method != method:
            response = plain(405, _("只接受 %(method)s。") % {"method": method})
            response["Allow"] = method
            return response
        return view(request, source, *args)
    except NotAdmitted as refusal:
        return refusal.response
    except (OperationalError, InterfaceError):
        return later(503, _("数据库暂时不可用，请稍后重发。"), RETRY_AFTER_S)


def _take(request, source):
    body, delivery_id = admit(request, source)
    headers = inbox.kept_headers(request.headers)
    delivery = Delivery(body, headers.get("content-type", ""), headers)
    try:
        message, created = deliver(source, delivery, delivery_id)
    except Conflict as conflict:
        return plain(409, conflict.detail)
    return _own_receipt(source, message) or _receipt(message, created)


def _show(request, source, external_id):
    admit(request, source)
    found = stage_of(source, external_id)
    if found is None:
        return plain(404, _("没有这个编号的事件。"))
    return JsonResponse(found)


def _own_receipt(source, message):
    """The answer in the source's own form, or None."""
    try:
        with faults.in_words(message):
            answer = kind_of(source).receipt(source, message)
    except faults.Fault:
        return None
    if answer is None:
        return None
    status, content_type, body = answer
    return HttpResponse(body, status=status, content_type=content_type)


def _receipt(message, created):
    events = inbox.numbers(message) if message.event_id else []
    answer = {"receipt": str(message.receipt)}
    if events:
        answer["event"] = events[0]
    if len(events) > 1:
        answer["events"] = events
    # What only waits for its event is accepted: the sender need not do anything about it.
    if message.state == InboundState.QUARANTINED and message.retry_at is None:
        answer |= {
            "type": "urn:xianfeng:problem:quarantined",
            "title": str(TITLES[422]),
            "status": 422,
            "detail": message.reason,
        }
        return JsonResponse(answer, status=422, content_type=MEDIA_TYPE)
    return JsonResponse(answer, status=202 if created else 200)
