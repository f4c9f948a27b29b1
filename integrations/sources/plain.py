"""The platform's own form of an event, for systems that are built to it (docs/feeds.md)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.items import Picture, Progress, Withdrawal
from integrations.reading.incident import incident, note, past, reference
from integrations.reading.records import Fields
from integrations.reading.whereabouts import X, Y, point_of, whereabouts
from integrations.sources.formats import Format
from integrations.sources.stage import Stage, stage_of

ID = ("id", "external_id")

COLUMNS = (
    (gettext_lazy("编号"), ID),
    (gettext_lazy("标题"), ("title",)),
    (gettext_lazy("内容"), ("text",)),
    (gettext_lazy("分类"), ("category", "category_name")),
    (gettext_lazy("紧急程度"), ("priority",)),
    (gettext_lazy("坐标"), (*X, *Y)),
    (gettext_lazy("街道"), ("street",)),
    (gettext_lazy("社区"), ("community",)),
    (gettext_lazy("地址"), ("address",)),
    (gettext_lazy("发生时间"), ("occurred_at",)),
    (gettext_lazy("更新时间"), ("updated_at",)),
    (gettext_lazy("状态"), ("status",)),
    (gettext_lazy("反映人"), ("reporter",)),
    (gettext_lazy("电话"), ("phone",)),
)


class Plain(Format):
    """{id, title, text, category, priority, location, address, occurred_at, reporter, status}."""

    label = gettext_lazy("先锋事件 JSON")

    def fits(self, fields):
        return fields.any(*ID) and fields.any("title", "text", "status", "pictures")

    def items(self, source, fields):
        own, status = fields.get(*ID), fields.get("status")
        said, _ahead = past(source, fields.raw("updated_at", "said_at"))
        stage = stage_of(source, status)
        if stage == Stage.WITHDRAWN:
            reason = fields.get("reason", "text") or status
            return [Withdrawal(reference(own), reason, said)]
        items = []
        if fields.any("title", "text"):
            items.append(self.incident(source, fields))
        if stage == Stage.ENDED:
            text = note(status, fields.text("result")) or _("来源状态：{word}").format(word=status)
            items.append(Progress(reference(own), text, said))
        return [*items, *pictures(own, fields.raw("pictures", "attachments"))]

    def incident(self, source, fields):
        """The Incident of such a record."""
        place, who = (Fields(_dict(fields.raw(name))) for name in ("location", "reporter"))
        text = fields.text("text")
        point = point_of(place if place.record else fields)
        return incident(
            source,
            ids=(fields.get(*ID), *_list(fields.raw("also"))),
            title=fields.get("title"),
            text=text,
            words=(fields.get("category"), fields.get("category_name")),
            priority=fields.get("priority"),
            place=whereabouts(
                source,
                **point,
                crs=place.get("crs"),
                street=fields.get("street"),
                community=fields.get("community"),
                point=fields.get("address"),
                text=text,
            ),
            occurred=fields.raw("occurred_at"),
            said=fields.raw("updated_at", "said_at"),
            name=who.get("name") or fields.get("reporter"),
            phone=who.get("phone") or fields.get("phone"),
        )


def pictures(own, value):
    """Pictures by address: a list of addresses or {url, name, role}, or addresses with commas.

    None without an id: the event itself is worth more.
    """
    if not own:
        return []
    found = value.replace("，", ",").split(",") if isinstance(value, str) else _list(value)
    items = []
    for each in found:
        each = Fields(each if isinstance(each, dict) else {"url": each})
        url = each.get("url", "href", "path")
        if url.lower().startswith(("http://", "https://")):
            name = each.get("name") or url.partition("?")[0].rpartition("/")[2]
            items.append(Picture(reference(own), name[:200], url=url, role=each.get("role")))
    return items


def _dict(value):
    return value if isinstance(value, dict) else {}


def _list(value):
    return value if isinstance(value, list) else [value] if value else []
