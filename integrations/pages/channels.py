"""Channels: how each fares today, its settings, and a message to try it."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dispatch.problem import Problem
from events import moment
from integrations import outbox
from integrations.channels import kinds
from integrations.models import Channel, Verb
from integrations.pages import audit, figures
from integrations.pages.channel_form import ChannelForm, NewChannelForm
from integrations.pages.guard import operator_act, operator_page, show


def channel_of(code):
    """The Channel with that code; raises Http404."""
    try:
        return Channel.objects.get(code=code)
    except Channel.DoesNotExist:
        raise Http404(_("没有这个通道。")) from None


@operator_page
def index(request, scope):
    """All channels with today's counts."""
    return _index(request, scope, NewChannelForm())


def _index(request, scope, form, status=200):
    rows = [_dressed(row) for row in figures.channels()]
    return show(
        request, scope, "ops/channels.html", "channels", rows=rows, form=form, status=status
    )


def _dressed(row):
    kind = kinds().get(row.kind)
    row.kind_label = str(kind.label or row.kind) if kind else row.kind
    row.limit = row.per_minute or (kind.per_minute if kind else 0)
    row.personal = bool(kind and kind.personal)
    row.blocked = bool(row.blocked_until and row.blocked_until > moment.now())
    row.lacking = [name for name in (kind.required if kind else ()) if not row.options.get(name)]
    return row


@operator_act
def create(request, scope):
    """A new channel, inactive until its options are there."""
    form = NewChannelForm(request.POST, instance=Channel(active=False))
    if not form.is_valid():
        return _index(request, scope, form, status=422)
    channel = form.save()
    messages.success(request, _("通道已建好，尚未启用：请填写参数。"))
    return redirect("ops:channel", code=channel.code)


@operator_page
def detail(request, scope, code):
    """A channel's settings, counts and changes."""
    channel = channel_of(code)
    return _detail(request, scope, channel, ChannelForm(instance=channel))


def _detail(request, scope, channel, form, status=200):
    row = _dressed(next(row for row in figures.channels() if row.pk == channel.pk))
    return show(
        request,
        scope,
        "ops/channel.html",
        "channels",
        channel=row,
        form=form,
        seen=audit.version(channel),
        changes=audit.changes_of(channel),
        acts=audit.acts(channel=channel).order_by("-at", "-pk")[: audit.SHOWN],
        status=status,
    )


@operator_act
def save(request, scope, code):
    """Keep the settings, unless somebody else has changed them meanwhile."""
    with transaction.atomic():
        channel = Channel.objects.select_for_update().filter(code=code).first() or channel_of(code)
        form = ChannelForm(request.POST, instance=channel)
        if request.POST.get("seen", "") != audit.version(channel):
            form.add_error(None, audit.overtaken())
        if form.is_valid():
            form.save()
            if form.changed_options:
                words = "、".join(sorted(form.changed_options))
                audit.note(request.user, Verb.OPTIONS, words, channel=channel)
    if form.errors:
        return _detail(request, scope, channel_of(code), form, status=422)
    messages.success(request, _("设置已保存，对之后的消息生效。"))
    return redirect("ops:channel", code=code)


@operator_act
def try_out(request, scope, code):
    """Send a test message by the channel."""
    channel = channel_of(code)
    try:
        message = outbox.try_out(channel, request.user)
    except (Problem, KeyError) as problem:
        messages.error(request, getattr(problem, "detail", _("这个通道的类型已不存在。")))
        return redirect("ops:channel", code=code)
    audit.note(request.user, Verb.TESTED, channel=channel, outbound=message)
    messages.success(request, _("测试消息已排队，几秒内发出；这里看结果。"))
    return redirect("ops:outbound", pk=message.pk)
