"""数字城管, the city management centre: cases, their pictures and progress, tasks to dispose of.

Options of a source: `answer_url`, where disposals go, `answer_form`, "json" or "xml", and `states`,
its STATE for progress, done and return; `url`, from which tasks are pulled by their TASKID,
`picture_url`, from which a task's pictures are, `page`, how many tasks a page has, and `headers`;
`receipt`, "xml" where the sender reads its case's TaskNum from our answer.
"""

from django.utils.translation import gettext_lazy as _

from integrations.sources.cityops import answer, pull
from integrations.sources.cityops.case import Case
from integrations.sources.cityops.pictures import Pictures
from integrations.sources.cityops.receipt import receipt as answered
from integrations.sources.cityops.steps import Step
from integrations.sources.cityops.table import TableRow
from integrations.sources.cityops.task import COLUMNS, Task
from integrations.sources.formats import FormatKind
from integrations.sources.plain import Plain


class CityOperations(FormatKind):
    """Cases of the city management centre."""

    label = _("数字城管")
    # Every answer carries an id of its own, by which the other side knows it again.
    idempotent = True
    formats = (Case(), TableRow(), Step(), Task(), Pictures(), Plain())
    columns = COLUMNS

    def receipt(self, source, message):
        return answered(source, message)

    def pull(self, source, cursor, fetch):
        return pull.page(source, cursor, fetch)

    def answers(self, source, entry):
        return answer.content(source, entry)

    def send(self, source, message, fetch):
        return answer.send(source, message, fetch)


KIND = CityOperations()
