"""One round of deadlines that are due in the same second, in the database of the environment.

`python -m tests.bench.due COUNT` prints {"floor", "sweep"} in seconds and {"cpu"} of the sweep.
"""

import json
import sys
import time
import uuid

import django

django.setup()

from django.db import connection  # noqa: E402 - after the settings

from dispatch import clock, intake  # noqa: E402
from dispatch.models import Deadline  # noqa: E402
from events import moment  # noqa: E402
from events.models import TimelineEntry  # noqa: E402
from events.report import Report  # noqa: E402
from events.timeline import SYSTEM  # noqa: E402
from tests import BEIYUAN  # noqa: E402
from tests.clock.crowd import crowd  # noqa: E402


def floor(pks):
    """Seconds of one UPDATE each, committed each, by the driver alone."""
    connection.ensure_connection()
    execute = connection.connection.execute
    mark = "?" if connection.vendor == "sqlite" else "%s"
    statement = f"UPDATE dispatch_deadline SET step = 0 WHERE id = {mark}"
    started = time.perf_counter()
    for pk in pks:
        execute(statement, (pk,))
    return time.perf_counter() - started


def main():
    """Make them, measure, and check that each was told once."""
    count = int(sys.argv[1])
    report = Report(source="grid", text="积水", external_id=str(uuid.uuid4()), location=PLACE)
    shape, _created = intake.accept(report, SYSTEM)
    clock.tick()
    crowd(shape["number"], count - 1)
    due = Deadline.objects.filter(stage="respond", event__number__startswith=shape["number"])
    took = {"floor": floor(list(due.values_list("pk", flat=True)))}
    moment.move(minutes=1)
    started, cpu = time.perf_counter(), time.process_time()
    done = clock.sweep(clock.beat)
    took |= {"sweep": time.perf_counter() - started, "cpu": time.process_time() - cpu}
    told = TimelineEntry.objects.filter(kind="reminded", event__number__startswith=shape["number"])
    if not done >= told.count() == told.values("event").distinct().count() == count:
        raise RuntimeError(f"{done} steps, {told.count()} entries for {count} events")
    print(json.dumps(took))


PLACE = {**BEIYUAN, "crs": "WGS84", "accuracy_m": None}
if __name__ == "__main__":
    main()
