"""Sources: how each fares, its settings, and a dry run of a message."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from events import moment
from integrations.models import InboundMessage, Source
from integrations.pages import figures
from integrations.pages.guard import operator_act, operator_page, show
from integrations.pages.source_form import NewSourceForm
from integrations.pages.sparkline import sparkline
from integrations.sources import kinds

RECENT = 20


def source_of(code):
    """The Source with that code; raises Http404."""
    try:
        return Source.objects.get(code=code)
    except Source.DoesNotExist:
        raise Http404(_("没有这个来源。")) from None


def kind_label(name):
    """What people call a kind of source; its name when its folder is gone."""
    kind = kinds().get(name)
    return str(kind.label or name) if kind else name


@operator_page
def index(request, scope):
    """All sources with today's counts."""
    return _index(request, scope, NewSourceForm(initial={"scheme": "standard"}))


def _index(request, scope, form, status=200):
    rows = [_dressed(row) for row in figures.sources()]
    return show(request, scope, "ops/sources.html", "sources", rows=rows, form=form, status=status)


def _dressed(row):
    row.spark = sparkline(row.hours)
    row.kind_label = kind_label(row.kind)
    return row


@operator_act
def create(request, scope):
    """A new source, inactive until somebody has looked at its settings."""
    form = NewSourceForm(request.POST, instance=Source(active=False))
    if not form.is_valid():
        return _index(request, scope, form, status=422)
    source = form.save()
    messages.success(request, _("来源已建好，尚未启用：请核对设置并新增密钥。"))
    return redirect("ops:settings", code=source.code)


@operator_page
def detail(request, scope, code):
    """One source: today, its last messages, what was refused, how pulling goes."""
    source = source_of(code)
    row = _dressed(next(row for row in figures.sources() if row.pk == source.pk))
    recent = (
        InboundMessage.objects.filter(source=source)
        .defer("body", "mended", "headers")
        .select_related("event")
        .order_by("-received_at", "-pk")[:RECENT]
    )
    return show(
        request,
        scope,
        "ops/source.html",
        "sources",
        source=row,
        tab="detail",
        recent=recent,
        address=request.build_absolute_uri(f"/feeds/{source.code}/"),
    )


@operator_act
def pull(request, scope, code):
    """Let the clock pull at its next tick."""
    source = source_of(code)
    if not source.pull_every_s:
        messages.error(request, _("这个来源不拉取：请先设置拉取间隔。"))
    else:
        Source.objects.filter(pk=source.pk).update(pull_next_at=moment.now())
        messages.success(request, _("时钟将在几秒内拉取一次。"))
    return redirect("ops:source", code=code)
