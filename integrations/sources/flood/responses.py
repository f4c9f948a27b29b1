"""Response levels as the flood control platform announces them."""

from django.utils.translation import gettext as _

from integrations.flood.levels import Announcement
from integrations.reading import times
from integrations.sources.kind import Unreadable

ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4}
CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4}
DIGITS = {"1": 1, "2": 2, "3": 3, "4": 4}
ENDED = {"0", "无", "结束", "解除", "终止", "已结束", "已解除", "未启动"}
TRACKS = ("typeName", "responseType", "响应类型")
LEVELS = ("level", "responseLevel", "响应级别")


class Responses:
    """The format: a track (防暴雨内涝, 防风, 防汛, 防旱, 防冻), a level, an area."""

    label = _("应急响应")

    def fits(self, fields):
        """Whether a record is such an announcement."""
        return fields.any(*TRACKS) and fields.any(*LEVELS) and fields.any("areaName", "区域")

    def items(self, source, fields):
        """The Announcement of a record. Raises Unreadable."""
        zone = source.time_zone
        started_at = times.parse(fields.raw("startTime", "启动时间"), zone)
        at = times.parse(fields.raw("responseTime", "publishTime", "发布时间"), zone) or started_at
        track, area = fields.get(*TRACKS, limit=40), fields.get("areaName", "区域", limit=80)
        level = level_of(fields.get(*LEVELS))
        if not track or not area or at is None:
            raise Unreadable(_("缺少响应类型、区域或响应时间。"))
        code = fields.get("areaSn", "areaCode")
        said = {"track": track, "area_name": area, "area_code": code}
        found = [
            Announcement(
                level=level,
                at=at,
                highest=level_of(fields.get("highestLevel") or fields.get(*LEVELS)) or None,
                started_at=started_at,
                **said,
            )
        ]
        ended_at = times.parse(fields.raw("endTime", "结束时间"), zone)
        if ended_at and level and ended_at > at:
            found.append(Announcement(level=0, at=ended_at, **said))
        return found


def level_of(words):
    """1 (I) to 4 (IV), 0 for none: 4, IV, Ⅳ级, 四级. Raises Unreadable."""
    word = words.strip().upper().removesuffix("响应").removesuffix("应急").removesuffix("级")
    if word in ENDED:
        return 0
    level = ROMAN.get(word) or CHINESE.get(word) or DIGITS.get(word)
    if level is None:
        raise Unreadable(_("响应级别“%(words)s”无法识别。") % {"words": words[:40]})
    return level
