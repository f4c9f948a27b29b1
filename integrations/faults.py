"""Faults of a message in words for the operator; nothing of its content goes to the log."""

import logging
from contextlib import contextmanager
from traceback import extract_tb

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from dispatch.problem import Problem
from events.attachments import Refused
from integrations.context import Waiting
from integrations.sources.kind import Unreadable

BUSY = 503
log = logging.getLogger("xianfeng.inbox")


class Fault(Exception):
    """What is wrong with a message or an item, in words."""


class Busy(Exception):
    """Not the message's fault: what is needed has no room just now."""


@contextmanager
def in_words(message):
    """Raise whatever goes wrong as a Fault, as Busy, or as Waiting.

    A database that is away is no fault of the message: OperationalError goes through.
    """
    try:
        yield
    except (Fault, Waiting, OperationalError, InterfaceError):
        raise
    except Refused as refused:
        raise (Busy if refused.status == BUSY else Fault)(refused.reason) from None
    except Problem as problem:
        raise Fault(str(problem.detail)) from None
    except Unreadable as unreadable:
        raise Fault(str(unreadable)) from None
    except Exception as error:
        last = extract_tb(error.__traceback__)[-1]
        log.error(
            "a message could not be processed",
            extra={
                "fields": {
                    "receipt": str(message.receipt),
                    "source": message.source.code,
                    "error": type(error).__name__,
                    "where": f"{last.filename}:{last.lineno}",
                }
            },
        )
        raise Fault(_("处理时出错，原文已保存，请联系维护人员。")) from None
