"""The table of what a source's words mean here: read, changed, imported and exported."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from integrations.models import Mapping, Verb
from integrations.pages import audit, keyset, mapping_file
from integrations.pages.asking import asked
from integrations.pages.guard import may_act, operator_act, operator_page, show
from integrations.pages.mapping_form import TABLES, MappingForm, meanings, suggestions
from integrations.pages.sources import source_of
from integrations.pages.unmapped import unmapped

PAGE = 100
FILE_MOST = 1024 * 1024


def _rows(source, table, words):
    rows = Mapping.objects.filter(source=source)
    if table:
        rows = rows.filter(table=table)
    if words:
        rows = rows.filter(Q(theirs__icontains=words) | Q(ours__icontains=words))
    return rows.order_by("table", "theirs")


def _page(rows, cursor):
    """The Page of rows behind the row whose id is `cursor`."""
    if cursor:
        last = rows.model.objects.filter(pk=cursor).first() if cursor.isdecimal() else None
        if last is None:
            raise Http404(_("翻页标记无效，请从第一页开始。"))
        rows = rows.filter(Q(table__gt=last.table) | Q(table=last.table, theirs__gt=last.theirs))
    newest = Mapping.history.model.objects.filter(id=OuterRef("pk")).order_by("-history_id")
    rows = list(
        rows.annotate(
            changed_by=Subquery(newest.values("history_user__officer__name")[:1]),
            changed_at=Subquery(newest.values("history_date")[:1]),
        )[: PAGE + 1]
    )
    return keyset.Page(rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else "")


@operator_page
def index(request, scope, code):
    """The table, one row of it open for a change if asked for."""
    return _index(request, scope, source_of(code), edit=asked(request, "edit"))


def _index(request, scope, source, *, edit="", form=None, new=None, faults=(), status=200):
    table, words = asked(request, "table"), asked(request, "q").strip()
    page = _page(_rows(source, table, words), asked(request, "cursor"))
    known = meanings(page.rows)
    for row in page.rows:
        row.meaning = known.get((row.table, row.ours), "")
        if str(row.pk) == edit:
            row.form = form or MappingForm(instance=row)
    initial = {"table": table or asked(request, "new_table") or "category"}
    initial["theirs"] = asked(request, "new")
    return show(
        request,
        scope,
        "ops/source_mapping.html",
        "sources",
        source=source,
        tab="mapping",
        page=page,
        tables=TABLES,
        table=table,
        q=words,
        new=new or MappingForm(initial=initial, instance=Mapping(source=source)),
        faults=faults,
        changes=audit.mapping_changes(source),
        status=status,
    )


@operator_act
def add(request, scope, code):
    """A new row."""
    source = source_of(code)
    form = MappingForm(request.POST, instance=Mapping(source=source))
    if not _saved(form):
        return _index(request, scope, source, new=form, status=422)
    messages.success(request, _("已加入对照表，对之后收到和重放的消息生效。"))
    return redirect("ops:mapping", code=code)


@operator_act
def change(request, scope, code, pk):
    """Change or delete a row, unless somebody else has changed it meanwhile."""
    source = source_of(code)
    with transaction.atomic():
        row = Mapping.objects.select_for_update().filter(source=source, pk=pk).first()
        if row is None or row.ours != request.POST.get("was"):
            messages.error(request, _("这一行刚被别人改过或删除，没有改动。请看最新的内容。"))
            return redirect("ops:mapping", code=code)
        if request.POST.get("act") == "delete":
            row.delete()
            messages.success(request, _("已删除“%(word)s”的对照。") % {"word": row.theirs})
            return redirect("ops:mapping", code=code)
        form = MappingForm(request.POST, instance=row)
        saved = _saved(form)
    if not saved:
        return _index(request, scope, source, edit=str(pk), form=form, status=422)
    return redirect("ops:mapping", code=code)


def _saved(form):
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("theirs", _("这个词在这张表里已经有对照。"))
        return False
    return True


@operator_page
def words(request, scope, code):
    """Our own words that hold what is being typed: the options of the field's list."""
    table = asked(request, "table", "category")
    options = suggestions(table, asked(request, "ours").strip()) if table in TABLES else []
    return render(request, "ops/part/words.html", {"options": options})


@operator_page
def unknown(request, scope, code):
    """The source's words that mean nothing here yet. Its latest messages are read again for it."""
    source = source_of(code)
    found = unmapped(source) if may_act(scope) else []
    rows = [(table, TABLES.get(table, table), word, count) for table, word, count in found]
    return render(
        request,
        "ops/part/unmapped.html",
        {"source": source, "words": rows, "may_act": may_act(scope)},
    )


@operator_page
def export(request, scope, code):
    """The whole table as CSV that a spreadsheet opens, and `upload` takes back."""
    source = source_of(code)
    response = HttpResponse(
        mapping_file.written(_rows(source, "", "")), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="mappings-{source.code}.csv"'
    return response


@operator_act
def upload(request, scope, code):
    """Take in a CSV file: all of it, or nothing and the lines that are wrong."""
    source = source_of(code)
    file = request.FILES.get("file")
    if file is None:
        faults = [_("请选择一个 CSV 文件。")]
    elif file.size > FILE_MOST:
        faults = [_("文件超过 1 MB。")]
    else:
        rows, faults = mapping_file.read(file.read())
    if faults:
        return _index(request, scope, source, faults=faults, status=422)
    tally = mapping_file.load(
        source, rows, request.user, replace=request.POST.get("mode") == "replace"
    )
    words = _("新增 %(added)s，修改 %(changed)s，删除 %(removed)s，未变 %(same)s") % tally
    audit.note(request.user, Verb.IMPORTED, words, source=source)
    messages.success(request, _("对照表已导入：%(words)s。") % {"words": words})
    return redirect("ops:mapping", code=code)
