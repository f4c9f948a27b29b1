"""Posting to a service, and reading what became of it from its answer."""

from dataclasses import replace

from django.utils.translation import gettext as _

from integrations.http import NoAnswer, Refused, TooLarge, Unreachable
from integrations.outcome import SENT, Outcome, Verdict

PATIENCE_S = 6.0
MAX_BYTES = 64 * 1024
# What is down is left alone so long; what asks for calm without saying how long, so long.
PAUSE_S, CALM_S, LONGEST_S = 15, 60, 24 * 3600
BUSY = {408, 425, 429, 503}


def post(fetch, url, read, *, verdicts=None, **what):
    """The Outcome of a POST of `what` (fetch's data, json, headers).

    `read(answer)` judges an answer with a 2xx status; `verdicts` are {status: Outcome} of statuses
    that mean something special to this service.
    """
    try:
        answer = fetch(url, method="POST", timeout=PATIENCE_S, max_bytes=MAX_BYTES, **what)
    except TooLarge as error:
        return by_status(error.status, {}, verdicts) or Outcome(Verdict.UNKNOWN, str(error))
    except NoAnswer as error:
        return Outcome(Verdict.UNKNOWN, str(error))
    except Refused as error:
        return Outcome(Verdict.FAILED, str(error))
    except Unreachable as error:
        return Outcome(Verdict.RETRY, str(error), wait_s=PAUSE_S, block=True)
    return by_status(answer.status, answer.headers, verdicts) or read(answer)


def by_status(status, headers, verdicts=None):
    """What a status alone says: an Outcome, or None for a 2xx, whose body must be read."""
    if verdicts and status in verdicts:
        return verdicts[status]
    if 200 <= status < 300:
        return None
    reason = _("对方答复 HTTP %s。") % status
    if status in BUSY:
        return Outcome(Verdict.RETRY, reason, wait_s=retry_after(headers), block=True)
    if status == 504:
        # A gateway has waited for nothing: what stands behind it may have the message.
        return Outcome(Verdict.UNKNOWN, reason)
    return Outcome(Verdict.RETRY if status >= 500 else Verdict.FAILED, reason)


def retry_after(headers):
    """Seconds that the other side asks us to wait, at most a day."""
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return CALM_S
    return min(max(seconds, 1.0), LONGEST_S) if seconds == seconds else CALM_S


def arrived(answer):
    """The reading of a service whose 2xx says it all."""
    return SENT


def coded(answer, name, outcomes, said):
    """The Outcome by the number in field `name` of a JSON answer; `said` is the field of its words.

    `outcomes` are {number: Outcome}; a number that is not among them is a failure. An answer that
    is no such JSON came from something else than the service: nobody knows.
    """
    body = object_of(answer)
    code = body.get(name) if body else None
    if not isinstance(code, int) or isinstance(code, bool):
        return Outcome(Verdict.UNKNOWN, _("对方的答复不是约定的格式（HTTP %s）。") % answer.status)
    outcome = outcomes.get(code) or Outcome(Verdict.FAILED)
    if outcome.verdict == Verdict.SENT:
        return outcome
    words = f"{name} {code} {str(body.get(said) or '')[:200]}".strip()
    return replace(outcome, reason="：".join(filter(None, (str(outcome.reason), words))))


def object_of(answer):
    """The JSON object in an answer, or None."""
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
