"""Tables that people upload: looked at, confirmed, watched, and what is wrong with their rows."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dispatch.problem import Conflict
from integrations import batch
from integrations.batch.upload import MAX_BYTES
from integrations.models import BatchState, BatchUpload, Source, Verb
from integrations.pages import audit, keyset
from integrations.pages.asking import asked, typed
from integrations.pages.guard import may_act, operator_act, operator_page, show
from integrations.pages.trial import describe
from integrations.sources import Unreadable

FAULTS_SHOWN = 50
OPEN = {BatchState.QUEUED, BatchState.RUNNING}


def upload_of(pk):
    """The BatchUpload with its source, without its file; raises Http404."""
    try:
        rows = BatchUpload.objects.select_related("source", "uploaded_by__officer").defer("body")
        return rows.get(pk=pk)
    except BatchUpload.DoesNotExist:
        raise Http404(_("没有这次导入。")) from None


@operator_page
def index(request, scope):
    """All uploads, and the form for another one."""
    return _index(request, scope)


def _index(request, scope, wrong="", chosen="", status=200):
    page = keyset.page(
        BatchUpload.objects.select_related("source", "uploaded_by__officer").defer("body"),
        asked(request, "cursor"),
        by="uploaded_at",
    )
    return show(
        request,
        scope,
        "ops/batches.html",
        "batches",
        page=page,
        sources=Source.objects.filter(active=True, kind__in=batch.source_kinds()),
        chosen=chosen,
        wrong=wrong,
        status=status,
    )


@operator_act
def upload(request, scope):
    """Take a file; nothing of it is an event before somebody has confirmed it."""
    code, file = typed(request, "source"), request.FILES.get("file")
    source = Source.objects.filter(code=code, active=True, kind__in=batch.source_kinds()).first()
    if source is None:
        return _index(request, scope, _("请选择来源。"), code, 422)
    if file is None or not file.size:
        return _index(request, scope, _("请选择一个不空的文件。"), code, 422)
    if file.size > MAX_BYTES:
        words = _("文件超过 %(mb)s MB，请拆分后再传。") % {"mb": MAX_BYTES // 1024 // 1024}
        return _index(request, scope, words, code, 422)
    try:
        taken = batch.take(source, file.name, file.read(), request.user)
    except Unreadable as problem:
        return _index(request, scope, str(problem), code, 422)
    audit.note(request.user, Verb.UPLOADED, f"#{taken.pk}", source=source)
    return redirect("ops:batch", pk=taken.pk)


@operator_page
def detail(request, scope, pk):
    """An upload: a preview while it is a draft, then how far it has come."""
    row = upload_of(pk)
    context = {"upload": row, "running": row.state in OPEN, "progress": batch.progress(row)}
    if row.state == BatchState.DRAFT and may_act(scope):
        context |= _preview(row)
    elif row.state == BatchState.DONE:
        context["faults"] = batch.errors(row).select_related("message")[:FAULTS_SHOWN]
    context["who"] = audit.name_of(row.uploaded_by)
    return show(request, scope, "ops/batch.html", "batches", **context)


def _preview(row):
    try:
        found = batch.preview(row)
    except Unreadable as problem:
        return {"wrong": str(problem)}
    lines = [
        {
            "line": one.line,
            "cells": one.cells,
            "error": one.error,
            "items": [describe(item) for item in one.items],
        }
        for one in found.rows
    ]
    return {"preview": found, "lines": lines}


@operator_act
def confirm(request, scope, pk):
    """From here the clock takes the rows in."""
    return _move(request, pk, batch.begin, Verb.CONFIRMED, _("已开始导入。"))


@operator_act
def discard(request, scope, pk):
    """Give the draft up; its file is forgotten."""
    return _move(request, pk, batch.discard, Verb.DROPPED, _("已放弃，文件已删除。"))


def _move(request, pk, act, verb, words):
    row = upload_of(pk)
    try:
        act(row)
    except Conflict as conflict:
        messages.error(request, conflict.detail)
    else:
        audit.note(request.user, verb, f"#{pk}", source=row.source)
        messages.success(request, words)
    return redirect("ops:batch", pk=pk)


@operator_act
def faults(request, scope, pk):
    """The rows that are not in, as a CSV file to put right and upload again."""
    row = upload_of(pk)
    audit.note(request.user, Verb.DOWNLOADED, f"#{pk}", source=row.source)
    response = HttpResponse(batch.errors_csv(row), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="batch-{pk}-errors.csv"'
    return response
