"""The 12345 hotline: tickets and their progress, in XML, JSON and tables.

Options of a source: `answer_url`, where ReportedFeedback goes; `org_code`, by which the hotline
knows us.
"""

from django.utils.translation import gettext_lazy as _

from integrations.sources.formats import FormatKind
from integrations.sources.hotline import answer
from integrations.sources.hotline.columns import COLUMNS
from integrations.sources.hotline.feedback import ReportedFeedback
from integrations.sources.hotline.flow import Flow
from integrations.sources.hotline.incident import ReportedIncident
from integrations.sources.hotline.ticket import Ticket
from integrations.sources.plain import Plain


class Hotline(FormatKind):
    """Tickets of the 12345 hotline."""

    label = _("12345 热线")
    # Every answer carries an id of its own, by which the other side knows it again.
    idempotent = True
    formats = (ReportedIncident(), ReportedFeedback(), Ticket(), Flow(), Plain())
    columns = COLUMNS

    def answers(self, source, entry):
        return answer.content(source, entry)

    def send(self, source, message, fetch):
        return answer.send(source, message, fetch)


KIND = Hotline()
