"""A process beside the server that writes into its log: `python -m tests.live.ledger`.

It reads commands, one JSON object a line, and answers each with one.
"""

import json
import os
import subprocess
import sys
import threading
import uuid
from datetime import timedelta

from django.conf import settings


class Ledger:
    """The test's end of that process: `ledger.post(count=3, audience=[…])`."""

    def __init__(self, server):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.live.ledger"],
            cwd=settings.BASE_DIR,
            env=server.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def __getattr__(self, command):
        def call(**arguments):
            self.begin(command, **arguments)
            return self.answer()

        return call

    def begin(self, command, **arguments):
        """Give a command without waiting for its answer."""
        self.process.stdin.write(json.dumps([command, arguments]) + "\n")
        self.process.stdin.flush()

    def answer(self):
        """The answer to the oldest command without one."""
        return json.loads(self.process.stdout.readline())


def post(count=1, audience=("a:440104",), leavers=(), event="YX-1", text="巡查记录", pause=0):
    """Append entries, one transaction each; the log's top."""
    from events.models import Event, Log
    from events.timeline import Actor, change

    case = _case(event)
    for number in range(count):
        with change() as gathered:
            gathered.record(case, "posted", Actor(None, "巡查员"), text=f"{text} {number}")
            gathered.address(case, {"version": number}, audience, leavers)
            Event.objects.filter(pk=case.pk).update(last_seq=case.last_seq)
        threading.Event().wait(pause)
    return Log.objects.get(pk=case.log_id).top


def _case(number):
    from events import moment
    from events.models import Category, Event, Log

    now = moment.now()
    case, _made = Event.objects.get_or_create(
        number=number,
        defaults={
            "log": Log.objects.get(code="440104"),
            "category": Category.objects.first(),
            "title": "巡查",
            "source": "test",
            "occurred_at": now,
            "registered_at": now,
        },
    )
    return case


def visible(tokens):
    """The offsets of the entries that those tokens may see, in order."""
    from events.models import TimelineEntry

    rows = TimelineEntry.objects.order_by("offset").values_list("offset", "audience")
    return [offset for offset, audience in rows if set(tokens) & set(audience)]


def position():
    """The log's present position."""
    from events.models import Log
    from events.timeline import position

    return position(Log.objects.get(code="440104").pk).as_json()


def restore(to, epoch=True):
    """What restoring a backup does: the entries after `to` are gone, and the epoch is new."""
    from events.models import Event, Log, TimelineEntry

    log = Log.objects.get(code="440104")
    TimelineEntry.objects.filter(log=log, offset__gt=to).delete()
    for event in Event.objects.filter(log=log):
        last = event.timeline.order_by("seq").last()
        Event.objects.filter(pk=event.pk).update(last_seq=last.seq if last else 0)
    Log.objects.filter(pk=log.pk).update(top=to, epoch=uuid.uuid4() if epoch else log.epoch)
    return position()


def forget(until):
    """What retention does: the oldest entries are gone."""
    from events.models import TimelineEntry

    return TimelineEntry.objects.filter(offset__lte=until).delete()[0]


def hide(seconds):
    """A database that fails: nobody can read the timeline for so long."""
    from django.db import connection

    from events.models import TimelineEntry

    table = connection.ops.quote_name(TimelineEntry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO hidden")
        threading.Event().wait(seconds)
        cursor.execute(f"ALTER TABLE hidden RENAME TO {table}")


def move(username, **fields):
    """Change a person's place: role, department (code), areas (codes)."""
    from dispatch.access import rights_changed
    from dispatch.models import Department, Officer
    from geo.models import Area

    officer = Officer.objects.get(user__username=username)
    if "department" in fields:
        officer.department = Department.objects.get(code=fields["department"])
    officer.role = fields.get("role", officer.role)
    officer.save()
    if "areas" in fields:
        officer.areas.set(Area.objects.filter(code__in=fields["areas"]))
    rights_changed()


def dismiss(username):
    """Deactivate an account."""
    from django.contrib.auth import get_user_model

    get_user_model().objects.filter(username=username).update(is_active=False)


def revoke(username):
    """Delete a person's tokens."""
    from dispatch.models import ApiToken

    return ApiToken.objects.filter(user__username=username).delete()[0]


def token(username, minutes):
    """A token that ends in so many minutes, or ended that long ago."""
    from django.contrib.auth import get_user_model

    from dispatch.models import ApiToken
    from events import moment

    now = moment.now()
    person = get_user_model().objects.get(username=username)
    return ApiToken.issue(person, now, now + timedelta(minutes=minutes))


def session(username):
    """A signed-in session's cookie value."""
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        get_user_model,
    )
    from django.contrib.sessions.backends.db import SessionStore

    person = get_user_model().objects.get(username=username)
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return store.session_key


def change_password(username):
    """A new password, as after a theft."""
    from django.contrib.auth import get_user_model

    person = get_user_model().objects.get(username=username)
    person.set_password("another one, quite long")
    person.save()


def sign_out(key):
    """End a session."""
    from django.contrib.sessions.backends.db import SessionStore

    SessionStore(key).flush()


def main():
    """Answer commands until the input ends."""
    import django

    django.setup()
    for line in sys.stdin:
        command, arguments = json.loads(line)
        print(json.dumps(globals()[command](**arguments)), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    main()
