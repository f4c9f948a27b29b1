"""The command centre: emergencies and work orders of the lifelines, urgent by nature.

Options of a source: `answer_url`, where progress goes, signed by Standard Webhooks with
`answer_secret`, else with the source's own key.
"""

from django.utils.translation import gettext_lazy as _

from integrations.sources.command import answer
from integrations.sources.command.emergency import Emergency
from integrations.sources.command.lifeline import WorkOrder
from integrations.sources.formats import FormatKind
from integrations.sources.plain import COLUMNS, Plain


class CommandCentre(FormatKind):
    """Events of the command centre."""

    label = _("指挥中心")
    # Every answer carries an id of its own, by which the other side knows it again.
    idempotent = True
    formats = (Emergency(), WorkOrder(), Plain())
    columns = COLUMNS

    def answers(self, source, entry):
        return answer.content(source, entry)

    def send(self, source, message, fetch):
        return answer.send(source, message, fetch)


KIND = CommandCentre()
