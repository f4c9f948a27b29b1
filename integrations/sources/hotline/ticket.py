"""Tickets with Chinese field names, as JSON or as rows of a table: the lists of a city's hotline
and of a district's."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.items import Decision, Progress, Rating, Withdrawal
from integrations.reading.incident import incident, note, past, reference
from integrations.reading.times import parse_or_none
from integrations.reading.whereabouts import point_of, whereabouts
from integrations.sources.formats import Format
from integrations.sources.hotline import columns as names
from integrations.sources.hotline import rating
from integrations.sources.stage import Stage, stage_of

WHAT = (*names.TITLE, *names.TEXT)
NEWS = (*names.STATUS, *names.RESULT, *names.SATISFIED, *names.SOLVED)


class Ticket(Format):
    """A ticket of which all or only some fields are there; see columns.py for their names.

    A ticket without a title and a text is news of one that is known.
    """

    label = gettext_lazy("热线工单（JSON、CSV、XLSX）")

    def fits(self, fields):
        if fields.any(*names.NUMBER, *names.CITY_NUMBER):
            return fields.any(*WHAT, *NEWS)
        # Some hotlines give no numbers: then it takes more to know a ticket.
        more = (*names.PATH, *names.STREET, *names.POINT, *names.PHONE, *names.SENT)
        return fields.any(*WHAT) and fields.any(*more)

    def items(self, source, fields):
        ids = (fields.get(*names.NUMBER), fields.get(*names.CITY_NUMBER))
        told = fields.raw(*WHAT) is not None
        status = fields.get(*names.STATUS)
        stage = stage_of(source, status)
        result = fields.text(*names.RESULT)
        said = next(filter(None, (past(source, each)[0] for each in _times(fields))), None)
        if stage == Stage.WITHDRAWN:
            return [Withdrawal(reference(*ids), note(status, result) or status, said)]
        items = [self.incident(source, fields, ids)] if told else []
        if not any(ids):
            return items
        own = reference(*ids)
        if stage in (Stage.GRANTED, Stage.REFUSED):
            items.append(Decision(own, stage == Stage.GRANTED, note(status, result), said))
        elif stage == Stage.ENDED or result or not told:
            items.append(Progress(own, note(status, result) or status, said))
        happy, solved = fields.get(*names.SATISFIED), fields.get(*names.SOLVED)
        answers = rating.satisfied(happy), rating.solved(solved)
        if answers != (None, None):
            items.append(Rating(own, *answers, said_at=said))
        return items

    def incident(self, source, fields, ids):
        """The Incident of a ticket."""
        text = fields.text(*names.TEXT)
        title = fields.get(*names.TITLE)
        finest, widest = fields.get(*names.FINEST), fields.get(*names.WIDEST)
        due = parse_or_none(fields.raw(*names.DUE), source.time_zone)
        return incident(
            source,
            ids=ids,
            title=title,
            text=text,
            words=(
                fields.get(*names.PATH),
                "->".join(filter(None, (widest, finest))),
            ),
            priority=fields.get(*names.PRIORITY),
            place=whereabouts(
                source,
                **point_of(fields),
                district=fields.get(*names.DISTRICT),
                street=fields.get(*names.STREET),
                community=fields.get(*names.COMMUNITY),
                point=fields.get(*names.POINT),
                unit=fields.get(*names.UNIT),
                text=f"{title}\n{text}",
            ),
            occurred=fields.raw(*names.SENT),
            said=fields.raw(*names.UPDATED),
            name=fields.get(*names.NAME),
            phone=fields.get(*names.PHONE),
            notes=(
                note(_("承诺完成时间"), f"{due:%Y-%m-%d %H:%M}" if due else fields.get(*names.DUE)),
                note(_("来源"), fields.get(*names.ORIGIN)),
            ),
        )


def _times(fields):
    return fields.raw(*names.UPDATED), fields.raw(*names.ENDED)
