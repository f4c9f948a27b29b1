"""A kind of source whose messages are records; each of its formats knows the ones it can read."""

from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from integrations.items import Item
from integrations.reading.document import document
from integrations.reading.records import records
from integrations.sources.kind import Kind, Unreadable

# More at once would keep the sender waiting; a table of that size belongs into the batch upload.
MAX_RECORDS = 1000


class Format:
    """One form of record. Formats are told apart by the fields that a record has, not by the
    syntax: the same fields may come as XML, as JSON or as the row of a table."""

    label = ""

    def fits(self, fields):
        """Whether a record with these Fields is of this format."""
        raise NotImplementedError

    def items(self, source, fields):
        """The items that the record says. Raises Unreadable."""
        raise NotImplementedError


@dataclass(frozen=True)
class Flawed(Item):
    """A record that could not be read among others that could: it alone is quarantined."""

    index: int
    reason: str

    def apply(self, context, prepared):
        raise Unreadable(_("第 {index} 条：{reason}").format(index=self.index, reason=self.reason))


class FormatKind(Kind):
    """A kind with `formats`; a record is read by every format that it fits, in their order."""

    formats = ()

    def read(self, source, delivery):
        found = records(document(source, delivery), self.fits)
        found = list(islice(found, MAX_RECORDS + 1))
        if not found:
            raise Unreadable(
                _("没有认识的内容。本来源可收：{labels}。").format(
                    labels="、".join(str(each.label) for each in self.formats)
                )
            )
        if len(found) > MAX_RECORDS:
            raise Unreadable(
                _("一次超过 {limit} 条；请分批发送，或用批量导入。").format(limit=MAX_RECORDS)
            )
        items = []
        for index, fields in enumerate(found, 1):
            try:
                items += self.items(source, fields)
            except Unreadable as problem:
                items.append(Flawed(index, str(problem)))
        if all(isinstance(item, Flawed) for item in items):
            reasons = "；".join(dict.fromkeys(item.reason for item in items))
            raise Unreadable(reasons or _("没有可处理的内容：要用到的字段都是空的。"))
        return items

    def fits(self, fields):
        """Whether any format reads the record."""
        return any(each.fits(fields) for each in self.formats)

    def items(self, source, fields):
        """The items of one record. Raises Unreadable."""
        return [
            item
            for each in self.formats
            if each.fits(fields)
            for item in each.items(source, fields)
        ]
