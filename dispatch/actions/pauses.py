"""More time, or a stopped clock: hold, resume, extension; asked for by one, decided by another."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from dispatch import deadlines
from dispatch.actions.work import settle
from dispatch.models import PauseRequest, Role, Stage
from dispatch.problem import Conflict, Invalid
from events.entry import stamp
from events.models import State

Kind, Decision = PauseRequest.Kind, PauseRequest.State
EXTENSION_LONGEST = timedelta(days=365)


def _granted(case, kind):
    return PauseRequest.objects.filter(event=case.event, kind=kind, state=Decision.GRANTED).count()


def _pending(case):
    return PauseRequest.objects.filter(event=case.event, state=Decision.PENDING).first()


def check_may_ask(case, kind, most):
    """Refuse a second pending request, and more grants than allowed."""
    if _pending(case):
        raise Conflict(_("已有申请待审批。"))
    if _granted(case, kind) >= most:
        raise Conflict(_("次数已用完（最多 {most} 次）。").format(most=most))


def _ask(case, scope, kind, reason, until, decided=False):
    PauseRequest.objects.create(
        event=case.event,
        kind=kind,
        reason=reason,
        until=until,
        requested_by_id=scope.user_id,
        requested_at=case.at,
        state=Decision.GRANTED if decided else Decision.PENDING,
        decided_by_id=scope.user_id if decided else None,
        decided_at=case.at if decided else None,
    )


def check_not_held(case, scope):
    """Refuse a hold on hold."""
    if case.event.on_hold:
        raise Conflict(_("事件已在挂账中。"))


def hold(case, scope, actor, reason, until=None):
    """挂账: by a supervisor at once, by the department as a request."""
    check_may_ask(case, Kind.HOLD, settings.HOLDS_MAX)
    latest = case.at + timedelta(days=settings.HOLD_MAX_DAYS)
    if until and not case.at < until <= latest:
        raise Invalid(
            until=_("挂账期限须在今后 {days} 天之内。").format(days=settings.HOLD_MAX_DAYS)
        )
    until = until or latest
    if scope.role == Role.SUPERVISOR:
        _ask(case, scope, Kind.HOLD, reason, until, decided=True)
        _begin_hold(case, until)
        case.record("held", actor, reason=reason, until=stamp(until))
    else:
        _ask(case, scope, Kind.HOLD, reason, until)
        case.record("hold_requested", actor, reason=reason, until=stamp(until))


def _begin_hold(case, until):
    case.event.on_hold, case.event.held_since, case.event.held_until = True, case.at, until
    deadlines.pause(case)


def check_held(case, scope):
    """Refuse to resume what runs."""
    if not case.event.on_hold:
        raise Conflict(_("事件没有挂账。"))


def resume(case, scope, actor):
    """恢复: the clocks run on with what was left."""
    event = case.event
    event.held_seconds += int((case.at - event.held_since).total_seconds())
    event.on_hold, event.held_since, event.held_until = False, None, None
    deadlines.resume(case)
    case.record("resumed", actor)
    settle(case)


def request_extension(case, scope, actor, reason, until):
    """Ask for a later handle deadline."""
    check_may_ask(case, Kind.EXTENSION, settings.EXTENSIONS_MAX)
    running = deadlines.running(case).get(Stage.HANDLE)
    if running is None:
        raise Conflict(_("没有计时中的处置时限。"))
    if until <= running.due_at or until <= case.at:
        raise Invalid(until=_("延期须晚于现在的时限。"))
    if until > case.at + EXTENSION_LONGEST:
        raise Invalid(until=_("延期不能超过 {days} 天。").format(days=EXTENSION_LONGEST.days))
    _ask(case, scope, Kind.EXTENSION, reason, until)
    case.record("extension_requested", actor, reason=reason, until=stamp(until))


def check_pending(case, scope):
    """Refuse a decision without a request."""
    if not _pending(case):
        raise Conflict(_("没有待审批的申请。"))


def check_still_later(case, request):
    """Refuse to grant what would no longer be more time: the deadline has been rebuilt since.

    One that has passed meanwhile may be lengthened: who decides late does not make others late.
    """
    running = deadlines.running(case).get(Stage.HANDLE)
    if running is None or request.until <= running.due_at:
        raise Conflict(_("现在的时限已不早于所申请的时间，请不同意，由部门重新申请。"))


def check_hold_still_ahead(case, request):
    """Refuse a hold that would be over before it began."""
    if request.until <= case.at:
        raise Conflict(_("申请挂账的期限已过，请不同意，由部门重新申请。"))


def decide_extension(case, scope, actor, granted, text=""):
    """Grant or refuse the pending request, be it an extension or a hold."""
    request = _pending(case)
    if granted:
        check = check_still_later if request.kind == Kind.EXTENSION else check_hold_still_ahead
        check(case, request)
    request.state = Decision.GRANTED if granted else Decision.REFUSED
    request.decided_by_id, request.decided_at = scope.user_id, case.at
    request.save(update_fields=["state", "decided_by", "decided_at"])
    what = str(Kind(request.kind).label)
    decision = _("同意{what}") if granted else _("不同意{what}")
    case.record(
        "extension_decided",
        actor,
        kind=request.kind,
        granted=granted,
        decision=decision.format(what=what),
        text=text,
    )
    if not granted:
        return
    if request.kind == Kind.EXTENSION:
        deadlines.extend(case, request.until)
    elif case.event.state in (State.REGISTERED, State.RESPONDED):
        _begin_hold(case, request.until)
        case.record("held", actor, reason=request.reason, until=stamp(request.until))
