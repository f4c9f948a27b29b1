"""The outbox: what goes out, what failed and why."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import Channel, OutboundMessage, OutboundState, Source
from integrations.pages import figures, keyset
from integrations.pages.asking import asked
from integrations.pages.guard import operator_page, show

# What people must look at: the page opens with it.
WANTED, ALL = "wanted", "all"
STATES = {
    WANTED: gettext_lazy("需处理"),
    **dict(OutboundState.choices),
    ALL: gettext_lazy("全部"),
}


@operator_page
def index(request, scope):
    """Messages in the states asked for, newest first."""
    filters = {name: asked(request, name).strip() for name in ("channel", "source", "event")}
    state = asked(request, "state", WANTED)
    if state not in STATES:
        raise Http404(_("没有这种状态。"))
    rows = _in_state(state)
    if filters["channel"]:
        rows = rows.filter(channel__code=filters["channel"])
    if filters["source"]:
        rows = rows.filter(source__code=filters["source"])
    if filters["event"]:
        rows = rows.filter(event__number=filters["event"].upper())
    page = keyset.page(
        rows.select_related("channel", "source", "event", "recipient__user__officer"),
        asked(request, "cursor"),
        by="created_at",
    )
    return show(
        request,
        scope,
        "ops/outbox.html",
        "outbox",
        page=page,
        states=STATES.items(),
        state=state,
        channels=Channel.objects.order_by("code"),
        sources=Source.objects.order_by("code"),
        filters=filters,
        filtered=any(filters.values()),
        query={"state": state, **{name: value for name, value in filters.items() if value}},
    )


def _in_state(state):
    if state == WANTED:
        return figures.wanted()
    if state == ALL:
        return OutboundMessage.objects.all()
    return OutboundMessage.objects.filter(state=state)
