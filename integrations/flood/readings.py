"""Readings of stations: kept, and watched for alarms."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from events import moment
from integrations.flood import alarms, stations
from integrations.flood.quantities import CM, DEGREE, DEPTH, STAGE, quantities
from integrations.flood.rows import write
from integrations.flood.rules import rules_of
from integrations.flood.stations import About
from integrations.flood.watch import Sample, Watch
from integrations.items import Item
from integrations.models import Alarm, Reading, Station

FAULT_LENGTH = 200
# Of many observations a dry run shows so many.
MOST = 20
# What a delivery changes in a station.
SAID = ("last_at", "last_value", "last_degree", "heard_at", "fault")


@dataclass(frozen=True)
class Observation:
    """One value of a quantity (data/quantities.csv) at a station; `at` is aware."""

    station: str
    at: datetime
    quantity: str
    value: float


@dataclass(frozen=True)
class Readings(Item):
    """What stations measured. `about` introduces stations that may be new, `test` readings alarm
    nobody, `faults` are (station, what could not be read)."""

    observations: tuple
    about: tuple = ()
    test: bool = False
    faults: tuple = ()

    @property
    def codes(self):
        """The stations' codes, in order."""
        return sorted({one.station for one in self.observations} | {one.code for one in self.about})

    def described(self):
        """(name, [(label, value)]) for a dry run."""
        facts = [
            (one.station, f"{quantities()[one.quantity].said(one.value)}，{written(one.at)}")
            for one in self.observations[:MOST]
        ]
        more = len(self.observations) - len(facts)
        faults = [(code, fault) for code, fault in self.faults]
        return _("读数"), [*facts, *faults, (_("其余"), _("{n} 条").format(n=more) if more else "")]

    def prepare(self, context):
        """{code: geo's answer} of the stations that are new."""
        new = stations.unknown(context.source, self.codes)
        about = {one.code: one for one in self.about}
        return {code: stations.place(about[code]) if code in about else None for code in new}

    def apply(self, context, prepared):
        """Keep every reading once; open, renew and clear alarms. Returns an Event it touched."""
        if prepared:
            about = {one.code: one for one in self.about}
            new = [about.get(code) or About(code) for code in prepared]
            stations.create(context.source, new, prepared)
        # In the order of their codes, so that two deliveries never wait for each other.
        found = {
            station.code: station
            for station in Station.objects.select_for_update()
            .filter(source=context.source, code__in=self.codes)
            .order_by("code")
        }
        for one in self.about:
            stations.learn(found[one.code], one)
        log = _Log(context.source, found, self.test)
        for one in self.observations:
            log.note(found[one.station], one)
        for code, fault in self.faults:
            found[code].fault = fault[:FAULT_LENGTH]
        return log.finish(context)


def written(at):
    """A moment in the district's time, as people read it."""
    return f"{localtime(at):%Y-%m-%d %H:%M}"


class _Log:
    """The readings of one delivery, sorted out."""

    def __init__(self, source, found, test):
        self.source, self.test = source, test
        self.stations = found
        self.rules = rules_of(source)
        self.now = moment.now()
        self.rows = []
        self.samples = defaultdict(dict)
        for station in found.values():
            station.heard_at, station.fault = self.now, ""

    def note(self, station, one):
        """Take one observation."""
        if one.at > self.now + self.rules.future:
            station.fault = _("站钟偏差：读数时间 {at}").format(at=written(one.at))
        if station.quantity == DEPTH and one.quantity == STAGE:
            # A level gauge in a road: how high the water stands on it.
            depth = round((one.value - station.zero) * CM, 1)
            one = replace(one, quantity=DEPTH, value=depth)
        self._keep(station, one)

    def _keep(self, station, one):
        quantity = quantities()[one.quantity]
        if not quantity.possible(one.value):
            said = quantity.said(one.value)
            station.fault = _("读数不可能：{said}").format(said=said)[:FAULT_LENGTH]
            return
        self.rows.append(
            Reading(station=station, quantity=one.quantity, at=one.at, value=one.value)
        )
        samples = self.samples[station.code]
        if one.quantity == station.quantity:
            samples[one.at] = replace(samples.get(one.at, Sample(one.at)), value=one.value)
        elif one.quantity == DEGREE:
            samples[one.at] = replace(samples.get(one.at, Sample(one.at)), degree=int(one.value))

    def finish(self, context):
        """Write it all."""
        Reading.objects.bulk_create(self.rows, ignore_conflicts=True)
        watches = self._watch()
        write(Station, self.stations.values(), [*SAID, *stations.LEARNT])
        return alarms.settle(context, watches)

    def _watch(self):
        """Follow the stations that said something; the Watches of those that may alarm."""
        seen = [station for code, station in self.stations.items() if self.samples[code]]
        watched = [station for station in seen if station.active and not self.test]
        live = _open_alarms(watched)
        watches = {station.code: self._watch_of(station, live) for station in watched}
        for station in seen:
            self._follow(station, watches.get(station.code))
        return [watch for watch in watches.values() if watch.alarm or watch.past]

    def _watch_of(self, station, live):
        alarm = live.get(station.pk)
        over = alarm is not None and alarms.is_over(alarm.event)
        return Watch(station, self.rules, alarm, ended=over)

    def _follow(self, station, watch):
        """Take the station's samples in the order of time; without a Watch they alarm nobody."""
        for at, sample in sorted(self.samples[station.code].items()):
            if at > self.now + self.rules.future:
                continue
            if station.last_at is not None and at <= station.last_at:
                if watch:
                    watch.late(sample)
                continue
            station.last_at, station.last_value = at, sample.value
            station.last_degree = sample.degree
            # What is said in words holds until it is said otherwise; a measurement grows old.
            if watch and (sample.degree is not None or at >= self.now - self.rules.history):
                watch.take(sample)


def _open_alarms(seen):
    rows = Alarm.objects.filter(station__in=seen, ended_at=None)
    return {alarm.station_id: alarm for alarm in alarms.with_events(rows)}
