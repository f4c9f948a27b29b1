"""What a source says of an event, brought into the one form that all kinds share."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext as _

from events import moment
from events.models import Priority
from events.report import Report, clean
from integrations import incidents
from integrations.items import Incident
from integrations.mapping import translate
from integrations.models import ExternalId
from integrations.reading import classes
from integrations.reading.text import line
from integrations.reading.times import parse_or_none
from integrations.sources.kind import Unreadable

# As the columns of Event and ExternalId have them.
ID_CHARS, NAME_CHARS, PHONE_CHARS = 120, 60, 40
TEXT_CHARS = 20_000
AHEAD = timedelta(minutes=5)
# 2.02606E+17: a spreadsheet has taken the number for a quantity, and its last digits are gone.
ROUNDED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{2}")


@dataclass(frozen=True)
class Numbered(Incident):
    """An Incident with a number of its own. Its further ids make it known only as far as no event
    with another number has them.

    A city's ticket may come as several of the district's, each to be answered by itself; but one
    that came under the city's number before is the same.
    """

    def apply(self, context, prepared):
        held = self._held(context.source) if self.also else ()
        free = tuple(each for each in self.also if each not in held)
        return incidents.apply(replace(self, also=free), context, prepared)

    def _held(self, source):
        known = ExternalId.objects.filter(source=source, value__in=self.also)
        same = ["", self.report.external_id, *self.also]
        others = known.exclude(event__external_id__in=same)
        return set(others.values_list("value", flat=True))


def incident(
    source,
    *,
    ids,
    place,
    title="",
    text="",
    words=(),
    priority="",
    occurred=None,
    said=None,
    name="",
    phone="",
    notes=(),
):
    """An Incident. Raises Unreadable for an id that cannot be one, or when nothing was said.

    `ids`: the event's own first, then others by which the source names it; blanks are left out.
    `place`: a Whereabouts. `words`: the source's words for the class, the surest first; without a
    class of ours the event is unclassified, and begins with them. `occurred`, `said`: times as they
    came. `notes`: further lines, those without a value left out.
    """
    own, *also = checked(*ids) or [""]
    category = classes.category(source, *words)
    body = body_text(title, text, "" if category else classes.said(*words))
    if not body and not words:
        raise Unreadable(_("没有事件内容：标题、描述和分类都是空的。"))
    occurred_at, ahead = past(source, occurred)
    said_at, _ahead = past(source, said)
    lines = [body, *notes, note(_("对方所填时间在未来"), ahead), place.note]
    report = Report(
        source=source.code,
        external_id=own,
        text=cut("\n".join(filter(None, lines))),
        category=category,
        priority=priority_of(source, priority),
        location=place.location,
        address=place.address,
        occurred_at=occurred_at,
        reporter_name=line(name, NAME_CHARS),
        reporter_phone=line(phone, PHONE_CHARS),
    )
    return Numbered(report, said_at, tuple(also))


def past(source, value):
    """(the time in `value` or None, '' or the words of a time that lies ahead of ours).

    An event is worth more than its sender's clock; and a time said to be later than all others
    would make everything that follows old news.
    """
    found = parse_or_none(value, source.time_zone)
    if found and found > moment.now() + AHEAD:
        return None, line(value)
    return found, ""


def checked(*ids):
    """The ids that say something, each once, as text. Raises Unreadable."""
    found = list(dict.fromkeys(filter(None, map(line, ids))))
    for each in found:
        if len(each) > ID_CHARS:
            raise Unreadable(_("编号超过 %(chars)s 字：%(id)s…") % _told(each))
        if ROUNDED.fullmatch(each):
            raise Unreadable(
                _("编号 %(id)s 被表格软件改成了科学计数法，请把该列设为文本后重新导出。")
                % _told(each)
            )
    return found


def reference(*ids):
    """The first of the ids. Raises Unreadable when there is none."""
    found = checked(*ids)
    if not found:
        raise Unreadable(_("没有编号，不知道说的是哪一个事件。"))
    return found[0]


def body_text(title, text, said=""):
    """Title and text without saying the same twice; `said`, the class in the source's words, goes
    before them."""
    title, text = line(title), clean(text)
    body = text if not title or title in text else f"{title}\n{text}".strip()
    if said and said not in body:
        body = f"{said}：{body}" if body else said
    return body


def note(label, value):
    """`label：value`, or '' without a value."""
    return f"{label}：{value}" if value else ""


def priority_of(source, word):
    """P1 to P4 for the source's word, or '' so that the class decides."""
    word = line(word)
    if word.upper() in Priority.values:
        return word.upper()
    ours = translate(source, "priority", word)
    return ours if ours in Priority.values else ""


def cut(text):
    """`text`, shortened to what an event holds, and saying so."""
    if len(text) <= TEXT_CHARS:
        return text
    end = _("……（原文过长，完整内容见来件）")
    return text[: TEXT_CHARS - len(end)] + end


def _told(each):
    return {"chars": ID_CHARS, "id": each[:40]}
