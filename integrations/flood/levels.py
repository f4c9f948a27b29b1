"""Response levels of flood control: what is announced, and what holds since."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from geo.models import Area
from integrations.flood import force
from integrations.items import Item
from integrations.models import ResponseLevel, Source

# A name that ends so and is no area of ours is one around us.
AROUND = re.compile(r"(省|自治区|市|流域)$")


@dataclass(frozen=True)
class Announcement(Item):
    """A response level (1…4, 0 when it has ended) of one track for one area, in force from `at`."""

    track: str
    area_name: str
    level: int
    at: datetime
    highest: int | None = None
    started_at: datetime | None = None
    area_code: str = ""

    def described(self):
        """(name, [(label, value)]) for a dry run."""
        return _("应急响应"), [
            (_("响应类型"), self.track),
            (_("级别"), str(self.level) if self.level else _("结束")),
            (_("区域"), self.area_name),
            (_("响应时间"), self.at),
        ]

    def apply(self, context, prepared):
        """Keep it once; the newest of its track and area holds. No event comes of it."""
        Source.objects.select_for_update(no_key=True).get(pk=context.source.pk)
        mine = ResponseLevel.objects.filter(
            source=context.source, track=self.track, area_name=self.area_name
        )
        if mine.filter(at=self.at).exists():
            return
        here, covers = whereabouts(self.area_name, self.area_code)
        level = ResponseLevel.objects.create(
            source=context.source,
            track=self.track,
            area_name=self.area_name,
            here=here,
            covers=covers,
            level=self.level,
            highest=self.highest,
            started_at=self.started_at,
            at=self.at,
        )
        newest = mine.order_by("-at").first()
        # What is announced for later holds from then on.
        mine.filter(current=True).exclude(pk=newest.pk).update(current=False)
        mine.filter(pk=newest.pk).update(current=True)
        if newest.pk == level.pk and level.level:
            force.link_level(level)


def whereabouts(name, code=""):
    """(here, code of our area): whether a level is for our district or a part of it, and which
    part; an empty code is all of it."""
    areas = list(Area.objects.current().filter(level__in=("district", "street")))
    if code:
        stem = force.stem(code)
        inside = [area for area in areas if force.same_place(area.code, stem)]
        return bool(inside), stem if any(area.code == stem for area in areas) else ""
    named = [area for area in areas if area.name in name]
    if named:
        return True, max(named, key=lambda area: len(area.code)).code
    return bool(AROUND.search(name)), ""
