"""Flood control (三防): readings of stations, waterlogging points, warnings, response levels.

Options of a source: integrations/flood/rules.py has those of time; for the port of SL 651
(integrations/flood/listener.py) `allow_from`, networks that may connect, and `passwords`, one of
which stations must give (four hex digits each).
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.flood.readings import Readings
from integrations.flood.stations import check_code
from integrations.reading.document import document
from integrations.reading.records import records
from integrations.sources.flood import cap, frames
from integrations.sources.flood.points import Points
from integrations.sources.flood.responses import Responses
from integrations.sources.flood.tables import Rows
from integrations.sources.formats import Flawed
from integrations.sources.kind import Kind, Unreadable

MEASURING = (Rows(), Points())
TELLING = (cap.Alerts(), Responses())
MAX_RECORDS = 20_000
# Readings that are kept in one transaction.
BATCH = 500


class Flood(Kind):
    """Everything that flood control sends."""

    label = gettext_lazy("三防")
    formats = (*TELLING, *MEASURING)

    def read(self, source, delivery):
        if frames.fits(delivery.body):
            return frames.items(delivery.body)
        data = document(source, delivery)
        found = list(records(data, self.fits))
        if not found:
            labels = "、".join(str(each.label) for each in self.formats)
            raise Unreadable(
                _("没有认识的内容。本来源可收：SL 651-2014、{labels}。").format(labels=labels)
            )
        if len(found) > MAX_RECORDS:
            raise Unreadable(
                _("一次 {count} 条，超过 {limit} 条，请分批发送。").format(
                    count=len(found), limit=MAX_RECORDS
                )
            )
        return _Reader(source, cap.status_of_wrapper(data)).items(found)

    def fits(self, fields):
        """Whether any format reads the record."""
        return any(each.fits(fields) for each in self.formats)


class _Reader:
    """Reads records one by one; what measures is put together, what cannot be read put aside."""

    def __init__(self, source, status):
        self.source, self.status = source, status
        self.observations, self.about = [], {}
        self.told, self.flawed = [], []

    def items(self, found):
        for index, fields in enumerate(found, 1):
            try:
                self._take(fields)
            except Unreadable as problem:
                if len(found) == 1:
                    raise
                self.flawed.append(Flawed(index, str(problem)))
        return [*self._readings(), *self.told, *self.flawed]

    def _take(self, fields):
        for each in MEASURING:
            if each.fits(fields):
                observations, about = each.read(self.source, fields)
                check_code(about.code)
                self.observations += observations
                self.about[about.code] = about
                return
        alerts, responses = TELLING
        if alerts.fits(fields):
            self.told += alerts.items(self.source, fields, self.status)
        else:
            self.told += responses.items(self.source, fields)

    def _readings(self):
        """In the order of time, so that the newest comes last however long the list."""
        rows = sorted(self.observations, key=lambda one: (one.at, one.station))
        if not rows and self.about:
            return [Readings((), tuple(self.about.values()))]
        return [self._batch(rows[begin : begin + BATCH]) for begin in range(0, len(rows), BATCH)]

    def _batch(self, rows):
        codes = dict.fromkeys(one.station for one in rows)
        return Readings(tuple(rows), tuple(self.about[code] for code in codes))


KIND = Flood()
