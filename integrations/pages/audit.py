"""Writing down what an operator did, and reading what was done."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from dispatch.models import Officer
from integrations.models import Mapping, OperatorAct

SHOWN = 50


@dataclass(frozen=True)
class Told:
    """A change of configuration in words."""

    at: datetime
    who: str
    what: str


def note(user, verb, detail="", **about):
    """Write an OperatorAct; `about` names its source, channel, inbound or outbound."""
    return OperatorAct.objects.create(user=user, verb=verb, detail=detail[:500], **about)


def acts(**about):
    """OperatorActs with the names of those who did them."""
    return (
        OperatorAct.objects.filter(**about)
        .select_related("user__officer", "source", "channel", "inbound", "outbound")
        .defer("inbound__body", "inbound__mended", "inbound__headers", "outbound__content")
    )


def name_of(user):
    """The name of an account's officer, else its username."""
    if user is None:
        return _("系统")
    try:
        return user.officer.name
    except Officer.DoesNotExist:
        return user.get_username()


def version(row):
    """What changes with every change of a row's settings: the id of its newest history row."""
    newest = row.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return str(newest or 0)


def overtaken():
    """What a person is told whose form was opened before somebody else's change."""
    return _("这些设置刚被别人改过，你的修改没有保存。请重新打开本页再改。")


def changes_of(row):
    """The last changes of a source's or channel's own fields, newest first. Two queries."""
    history = row.history.model
    fields = [field for field in history.tracked_fields if field.name != "id"]
    rows = list(history.objects.filter(id=row.pk).order_by("-history_id")[: SHOWN + 1])
    names = _names(one.history_user_id for one in rows)
    told = []
    for index, one in enumerate(rows[:SHOWN]):
        before = rows[index + 1] if index + 1 < len(rows) else None
        words = _words(fields, before, one)
        if words:
            told.append(Told(one.history_date, names.get(one.history_user_id, _("系统")), words))
    return told


def mapping_changes(source):
    """The last changes of a source's mappings, newest first. Two queries."""
    history = Mapping.history.model
    earlier = history.objects.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    rows = list(
        history.objects.filter(source=source)
        .annotate(before=Subquery(earlier.order_by("-history_id").values("ours")[:1]))
        .order_by("-history_id")[:SHOWN]
    )
    names = _names(row.history_user_id for row in rows)
    return [
        Told(row.history_date, names.get(row.history_user_id, _("系统")), _mapping_words(row))
        for row in rows
    ]


def _names(user_ids):
    users = get_user_model().objects.filter(pk__in={pk for pk in user_ids if pk})
    return {user.pk: name_of(user) for user in users.select_related("officer")}


def _words(fields, before, after):
    if after.history_type == "+" or before is None:
        return _("新建")
    parts = [
        f"{field.verbose_name}：{_plain(before, field)} → {_plain(after, field)}"
        for field in fields
        if getattr(before, field.attname) != getattr(after, field.attname)
    ]
    return "；".join(parts)


def _plain(row, field):
    value = getattr(row, field.attname)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    display = getattr(row, f"get_{field.name}_display", None)
    return str(display() if display else value)


def _mapping_words(row):
    if row.history_type == "-":
        ours = _("已删除")
    else:
        # What was loaded in bulk has no earlier row.
        ours = f"{row.before} → {row.ours}" if row.before else row.ours
    return f"{row.table}：{row.theirs} = {ours}"
