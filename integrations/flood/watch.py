"""Watching one station: when an alarm begins, what is news, when the water is gone.

Nothing here touches the database: a Watch changes its Alarm in memory and says what is new.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from integrations.models import Alarm

# Over the warning line, over the red line. A degree in words stands one above its level.
CALM, WARNING, RED = 0, 1, 2
SEVERE, MODERATE, LIGHT = 3, 2, 1


class News(StrEnum):
    """What the room must hear."""

    RAISED = "raised"
    ROSE = "rose"
    BACK = "back"
    FELL = "fell"
    GONE = "gone"
    QUIET = "quiet"


@dataclass(frozen=True)
class Sample:
    """What a station said of one moment: the watched value, a degree in words (0…3), or both."""

    at: datetime
    value: float | None = None
    degree: int | None = None


def level_of(station, sample):
    """CALM, WARNING or RED: the worse of what the value and the words say."""
    by_words = max((sample.degree or 0) - 1, CALM)
    value, by_value = sample.value, CALM
    if value is not None and station.warn is not None and value >= station.warn:
        by_value = RED if station.red is not None and value >= station.red else WARNING
    return max(by_words, by_value)


def is_clear(station, sample):
    """Whether the water is gone as far as this sample knows."""
    line = station.warn if station.clear is None else station.clear
    dry = sample.value is None or line is None or sample.value < line
    return dry and not sample.degree


@dataclass
class Watch:
    """One station through its new samples, in the order of time.

    `alarm` is its open Alarm or None; `ended` tells that a person has ended the alarm's event.
    Afterwards: `alarm` (a new one has no event yet), `past` (an alarm that has ended), `news`.
    """

    station: object
    rules: object
    alarm: Alarm | None = None
    ended: bool = False
    past: Alarm | None = None
    news: list = field(default_factory=list)

    @property
    def opened(self):
        """Whether an alarm has begun that has no event yet."""
        return self.alarm is not None and self.alarm.event_id is None

    def take(self, sample):
        """Follow one sample that is newer than all before."""
        if self.alarm is not None and self.ended:
            self._after_the_end(sample)
        elif self.alarm is not None:
            self._follow(sample)
        elif level := level_of(self.station, sample):
            self._open(sample, level)

    def late(self, sample):
        """A sample from before the newest one: it may only have been the highest."""
        alarm = self.alarm
        if alarm and not self.ended and sample.value is not None and sample.at >= alarm.opened_at:
            self._peak(sample)

    def _open(self, sample, level):
        value = sample.value
        self.news = []
        self.ended = False
        self.alarm = Alarm(
            station=self.station,
            opened_at=sample.at,
            level=level,
            peak=value,
            peak_at=sample.at,
            last_at=sample.at,
            last_value=value,
            told_at=sample.at,
            told_value=value,
            high=value,
        )

    def _after_the_end(self, sample):
        """A person has ended the event: only a new rise is another one."""
        alarm, value = self.alarm, sample.value
        level = level_of(self.station, sample)
        if alarm.base is None:
            alarm.base = alarm.last_value
        before = alarm.level
        alarm.last_at, alarm.last_value = sample.at, value
        if alarm.cleared_at or is_clear(self.station, sample):
            self._end(sample)
        elif value is not None and alarm.base is not None:
            alarm.base = min(alarm.base, value)
            if level and value >= alarm.base + self.station.step:
                self._end(sample)
        elif level > before:
            self._end(sample)
        else:
            alarm.level = min(before, level)
        if self.alarm is None and level:
            self._open(sample, level)

    def _end(self, sample):
        self.alarm.ended_at = sample.at
        self.past, self.alarm = self.alarm, None

    def _follow(self, sample):
        alarm, level = self.alarm, level_of(self.station, sample)
        alarm.last_at, alarm.last_value, alarm.silence_told = sample.at, sample.value, False
        self._peak(sample)
        if sample.value is not None:
            alarm.high = sample.value if alarm.high is None else max(alarm.high, sample.value)
        if is_clear(self.station, sample):
            self._below(sample)
            return
        alarm.below_since = None
        if alarm.cleared_at:
            if level:
                alarm.cleared_at, alarm.level = None, level
                self._tell(News.BACK, sample)
        elif level > alarm.level:
            alarm.level = level
            self._tell(News.RAISED, sample)
        elif level < alarm.level and self._well_below_red(sample):
            alarm.level = WARNING
            self._tell(News.FELL, sample)
        elif self._risen() and self._may_tell(sample):
            self._tell(News.ROSE, sample)

    def _below(self, sample):
        alarm = self.alarm
        alarm.below_since = alarm.below_since or sample.at
        if alarm.cleared_at is None and sample.at - alarm.below_since >= self.rules.clear:
            self.clear(sample.at)

    def clear(self, at):
        """The water is gone: below the line for long enough."""
        self.alarm.cleared_at = at
        self.alarm.level = WARNING
        self.news.append(News.GONE)
        self._told(at, self.alarm.last_value)

    def quiet(self, at):
        """The station says nothing any more."""
        self.alarm.silence_told = True
        self.news.append(News.QUIET)

    def _well_below_red(self, sample):
        """Whether RED is over, not only interrupted: as far below its line as the clear line is
        below the warning line. Told only when the room was not told just now."""
        if self.alarm.level != RED or not self._may_tell(sample):
            return False
        station = self.station
        if sample.value is None or None in (station.red, station.warn, station.clear):
            return True
        return sample.value < station.red - (station.warn - station.clear)

    def _risen(self):
        alarm = self.alarm
        if alarm.high is None:
            return False
        return alarm.told_value is None or alarm.high - alarm.told_value >= self.station.step

    def _may_tell(self, sample):
        return sample.at - self.alarm.told_at >= self.rules.quiet

    def _peak(self, sample):
        alarm = self.alarm
        if sample.value is not None and (alarm.peak is None or sample.value > alarm.peak):
            alarm.peak, alarm.peak_at = sample.value, sample.at

    def _tell(self, news, sample):
        self.news.append(news)
        # A rise is told up to its height, however the water stands at this moment.
        self._told(sample.at, self.alarm.high if news == News.ROSE else sample.value)

    def _told(self, at, value):
        alarm = self.alarm
        alarm.told_at, alarm.told_value, alarm.high = at, value, value
