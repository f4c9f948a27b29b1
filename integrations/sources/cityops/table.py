"""SJXX: rows of a city's event table, handed on as XML."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.reading.incident import incident, note
from integrations.reading.whereabouts import point_of, whereabouts
from integrations.sources.formats import Format


class TableRow(Format):
    """XML `datas/data`, each row an event. WGBH is the grid's code, DSFSJBS the number by which a
    third system knows it: several rows may have the same."""

    label = gettext_lazy("SJXX 事件表")

    def fits(self, fields):
        return fields.any("SJXX_COPY_ID", "SJXX_ID") or fields.all("SJMC", "SJMS")

    def items(self, source, fields):
        text = fields.text("SJMS")
        return [
            incident(
                source,
                ids=(fields.get("SJXX_COPY_ID", "SJXX_ID", "SJID"),),
                title=fields.get("SJMC"),
                text=text,
                words=(fields.get("SJLX"), fields.get("SJLXMC"), fields.get("SJMC")),
                priority=fields.get("JJCD"),
                place=whereabouts(
                    source,
                    **point_of(fields),
                    code=fields.get("WGBH"),
                    street=_street(fields.get("SJXZ")),
                    point=fields.get("SJDZ", "SJWZ", "FSDZ"),
                    text=text,
                ),
                occurred=fields.raw("FSSJ"),
                said=fields.raw("GXSJ", "XGSJ"),
                name=fields.get("FKRY"),
                notes=(note(_("对方平台编号"), fields.get("DSFSJBS")),),
            )
        ]


def _street(word):
    """SJXZ is the street in one city's table, a code of something else in another's."""
    return word if word.endswith(("街", "街道", "镇", "乡")) else ""
