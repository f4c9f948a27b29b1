"""What an import did."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass
class Tally:
    """What an import did: counts, and the repairs somebody should look at."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    closed: int = 0
    repaired: list = field(default_factory=list)

    def __str__(self):
        lines = [
            _("新增 %(created)d,更新 %(updated)d,未变 %(unchanged)d,停用 %(closed)d") % vars(self)
        ]
        lines += [_("已修复:%(what)s") % {"what": what} for what in self.repaired]
        return "\n".join(lines)
