"""The settings of a source: read, changed, and who changed them."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from events import moment
from integrations.models import Source, Verb
from integrations.pages import audit
from integrations.pages.guard import operator_act, operator_page, show
from integrations.pages.keys import GRACES
from integrations.pages.source_form import SourceForm
from integrations.pages.sources import source_of


@operator_page
def index(request, scope, code):
    """The form of a source's settings, its keys, and who changed what."""
    source = source_of(code)
    return _settings(request, scope, source, SourceForm(instance=source))


@operator_act
def save(request, scope, code):
    """Keep the settings, unless somebody else has changed them meanwhile."""
    with transaction.atomic():
        # Refused deliveries are counted on the same row: held only for this change.
        source = Source.objects.select_for_update().filter(code=code).first() or source_of(code)
        options = source.options
        form = SourceForm(request.POST, instance=source)
        if request.POST.get("seen", "") != audit.version(source):
            form.add_error(None, audit.overtaken())
        if form.is_valid():
            form.save()
            if source.options != options:
                names = sorted(
                    name
                    for name in {*options, *source.options}
                    if options.get(name) != source.options.get(name)
                )
                audit.note(request.user, Verb.OPTIONS, "、".join(names), source=source)
    if form.errors:
        return _settings(request, scope, source_of(code), form, status=422)
    messages.success(request, _("设置已保存，对之后收到的消息生效。"))
    return redirect("ops:settings", code=code)


def _settings(request, scope, source, form, status=200):
    return show(
        request,
        scope,
        "ops/source_settings.html",
        "sources",
        source=source,
        form=form,
        tab="settings",
        seen=audit.version(source),
        secrets=source.secrets.order_by("-pk"),
        graces=[(value, label) for value, (_after, label) in GRACES.items()],
        now=moment.now(),
        changes=audit.changes_of(source),
        acts=audit.acts(source=source, inbound=None).order_by("-at", "-pk")[: audit.SHOWN],
        status=status,
    )
