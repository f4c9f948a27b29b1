"""A message pasted by hand: what it would become if the source sent it now."""

from django.utils.translation import gettext as _

from integrations.pages import body
from integrations.pages.asking import typed
from integrations.pages.guard import operator_act, operator_page, show
from integrations.pages.sources import source_of
from integrations.pages.trial import trial

# Characters of a pasted message.
PASTED = 200_000


@operator_page
def paste(request, scope, code):
    """The box for a dry run."""
    source = source_of(code)
    return show(request, scope, "ops/source_trial.html", "sources", source=source, tab="trial")


@operator_act
def try_out(request, scope, code):
    """What a pasted message would become. Nothing is stored."""
    source = source_of(code)
    text = request.POST.get("text", "")
    content_type = typed(request, "content_type")[:120]
    result, wrong = None, ""
    if not text.strip():
        wrong = _("请先粘贴一条消息。")
    elif len(text) > PASTED:
        wrong = _("太长了：试读最多 20 万字。")
    else:
        encoding = body.HEX if request.POST.get("hex") else "utf-8"
        try:
            result = trial(source, body.written(text, encoding), content_type)
        except body.Unwritable as problem:
            wrong = str(problem)
    return show(
        request,
        scope,
        "ops/source_trial.html",
        "sources",
        source=source,
        tab="trial",
        text=text[:PASTED],
        content_type=content_type,
        hex=request.POST.get("hex"),
        trial=result,
        wrong=wrong,
        status=422 if wrong else 200,
    )
