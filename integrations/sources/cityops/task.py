"""A task of the centre's table: what the district is to dispose of, and what became of it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.items import Decision, Picture, Progress, Withdrawal
from integrations.reading.incident import incident, note, past, reference
from integrations.reading.times import parse_or_none
from integrations.reading.whereabouts import point_of, whereabouts
from integrations.sources.formats import Format
from integrations.sources.stage import Stage, stage_of

WHAT = ("EVENTDESCRIPTION", "EVENTADDRESS", "SUBTYPE", "FINDTIME")
DISPOSED = ("DISPOSEDATE", "DISPOSEMEMO")
NUMBER = ("TASKNUM", "TASKCODE", "案卷号", "案件编号", "任务号")
TYPES = {"部件": "01", "事件": "02"}
# A description that is only the name of a class: 暴露垃圾.
NAME_CHARS = 12

COLUMNS = (
    (gettext_lazy("编号"), (*NUMBER, "TASKID")),
    (gettext_lazy("内容"), ("EVENTDESCRIPTION",)),
    (gettext_lazy("分类"), ("EVENTTYPE", "MAINTYPE", "SUBTYPE")),
    (gettext_lazy("状态"), ("STATE",)),
    (gettext_lazy("区"), ("DISTRICTNAME",)),
    (gettext_lazy("街道"), ("STREETNAME", "STREETCODE")),
    (gettext_lazy("社区"), ("COMMUNITYNAME", "COMMUNITYCODE")),
    (gettext_lazy("地址"), ("EVENTADDRESS",)),
    (gettext_lazy("坐标"), ("COORDINATEX", "COORDINATEY")),
    (gettext_lazy("来源"), ("EVENTSOURCE",)),
    (gettext_lazy("派发时间"), ("SENDTIME",)),
    (gettext_lazy("发生时间"), ("FINDTIME",)),
    (gettext_lazy("时限"), ("DEALTIMELIMIT", "DEALENDTIME")),
    (gettext_lazy("处理结果"), DISPOSED),
)


class Task(Format):
    """A row as JSON: one, a list, or a list in a wrapper. TASKNUM is its number, TASKID the key of
    the table."""

    label = gettext_lazy("城管任务表")

    def fits(self, fields):
        known = fields.any(*NUMBER, "TASKID")
        return known and fields.any(*WHAT, *DISPOSED, "STATE") and not fields.any("PictureTypeID")

    def items(self, source, fields):
        number, key = fields.get(*NUMBER), fields.get("TASKID")
        # The centre's numbers and its table's keys are counted apart and may be the same.
        ids = (number, key and f"TASKID:{key}") if number else (key,)
        state = fields.get("STATE")
        stage = stage_of(source, state) if state else Stage.OPEN
        memo = fields.text("DISPOSEMEMO")
        said, _ahead = past(source, fields.raw("DISPOSEDATE"))
        if stage == Stage.WITHDRAWN:
            return [Withdrawal(reference(*ids), fields.get("SENDMEMO") or memo or state, said)]
        items = [self.incident(source, fields, ids)] if fields.raw(*WHAT) is not None else []
        if stage in (Stage.GRANTED, Stage.REFUSED):
            items.append(Decision(reference(*ids), stage == Stage.GRANTED, memo, said))
        elif stage == Stage.ENDED or memo or said:
            items.append(Progress(reference(*ids), note(_("已处置"), memo) or _("已处置"), said))
        url = fields.get("EVENTPOSITIONMAP")
        if url.lower().startswith(("http://", "https://")):
            items.append(Picture(reference(*ids), _("位置图"), url=url))
        return items

    def incident(self, source, fields, ids):
        """The Incident of a task."""
        text = fields.text("EVENTDESCRIPTION")
        kind = fields.get("EVENTTYPE")
        code = "".join((TYPES.get(kind, kind), fields.get("MAINTYPE"), fields.get("SUBTYPE")))
        due = parse_or_none(fields.raw("DEALENDTIME"), source.time_zone)
        limit = [fields.get("DEALTIMELIMIT"), f"{due:%Y-%m-%d %H:%M}" if due else ""]
        return incident(
            source,
            ids=ids,
            text=text,
            words=(
                code,
                fields.get("SUBTYPENAME"),
                text if len(text) <= NAME_CHARS else "",
                fields.get("MAINTYPENAME"),
            ),
            place=whereabouts(
                source,
                **point_of(fields),
                district=fields.get("DISTRICTNAME"),
                street=fields.get("STREETNAME"),
                community=fields.get("COMMUNITYNAME"),
                code=fields.get("COMMUNITYCODE", "STREETCODE"),
                point=fields.get("EVENTADDRESS"),
                text=text,
            ),
            occurred=fields.raw("FINDTIME", "SENDTIME"),
            notes=(
                note(_("来源"), fields.get("EVENTSOURCE")),
                note(_("派遣意见"), fields.get("SENDMEMO")),
                note(_("对方时限"), "，".join(filter(None, limit))),
            ),
        )
