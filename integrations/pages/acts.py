"""What operators did: the whole list."""

from integrations.models import Verb
from integrations.pages import audit, keyset
from integrations.pages.asking import asked
from integrations.pages.guard import operator_page, show


@operator_page
def index(request, scope):
    """Acts, newest first, of one verb or of all."""
    verb = asked(request, "verb")
    rows = audit.acts(**({"verb": verb} if verb in Verb else {}))
    page = keyset.page(rows, asked(request, "cursor"), by="at")
    for row in page.rows:
        row.who = audit.name_of(row.user)
    return show(
        request,
        scope,
        "ops/acts.html",
        "acts",
        page=page,
        verbs=Verb.choices,
        verb=verb,
        query={"verb": verb} if verb else {},
    )
