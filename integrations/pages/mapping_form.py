"""A row of a mapping table as a form: what we call it must be something that we have."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch.models import Department
from events.models import Category, Priority, State
from integrations.models import Mapping

TABLES = {
    "category": gettext_lazy("分类"),
    "department": gettext_lazy("部门"),
    "priority": gettext_lazy("优先级"),
    "stage": gettext_lazy("阶段"),
}


class MappingForm(forms.ModelForm):
    """A Mapping of one source."""

    table = forms.ChoiceField(label=gettext_lazy("对照表"), choices=list(TABLES.items()))

    class Meta:
        model = Mapping
        fields = ["table", "theirs", "ours"]

    def __init__(self, *args, **kwargs):
        # Several of these forms stand on one page: their labels hold their fields.
        super().__init__(*args, auto_id=False, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
        self.fields["ours"].widget.attrs.update(autocomplete="off", list="ours-words")

    def clean_theirs(self):
        """The other side's word; a star may only be its end."""
        word = self.cleaned_data["theirs"]
        if "*" in word[:-1]:
            raise forms.ValidationError(_("* 只能放在最后，表示以此开头的所有值。"))
        return word

    def clean(self):
        """What we call it is there."""
        table, ours = self.cleaned_data.get("table"), self.cleaned_data.get("ours")
        if table and ours and (wrong := refusal(table, ours, known_words(table, [ours]))):
            self.add_error("ours", wrong)
        return self.cleaned_data


def known_words(table, words):
    """{word of ours: its name} of those of `words` that exist in `table`. At most one query."""
    if table == "category":
        rows = Category.objects.filter(qualified__in=words, active=True)
        return dict(rows.values_list("qualified", "name"))
    if table == "department":
        rows = Department.objects.filter(code__in=words, active=True)
        return dict(rows.values_list("code", "name"))
    choices = Priority if table == "priority" else State
    return {choice.value: str(choice.label) for choice in choices if choice.value in words}


def refusal(table, ours, known):
    """Why `ours` cannot stand in `table`, or ""; `known` are the words that exist."""
    if table not in TABLES:
        return _("没有“%(table)s”这张对照表。") % {"table": table}
    if ours in known:
        return ""
    return {
        "category": _("没有“%(ours)s”这个分类。"),
        "department": _("没有“%(ours)s”这个部门。"),
        "priority": _("优先级应为 P1、P2、P3 或 P4，不是“%(ours)s”。"),
        "stage": _("没有“%(ours)s”这个阶段。"),
    }[table] % {"ours": ours}


def meanings(rows):
    """{(table, word): name} of what rows call ours. At most two queries."""
    by_table = {}
    for row in rows:
        by_table.setdefault(row.table, set()).add(row.ours)
    return {
        (table, word): name
        for table, words in by_table.items()
        if table in TABLES
        for word, name in known_words(table, words).items()
    }


def suggestions(table, words, most=20):
    """[(word of ours, name)] whose word or name holds `words`."""
    if table == "category":
        rows = Category.objects.filter(active=True, selectable=True)
        return _matching(rows, "qualified", words, most)
    if table == "department":
        return _matching(Department.objects.filter(active=True), "code", words, most)
    return list((Priority if table == "priority" else State).choices)


def _matching(rows, code, words, most):
    found = rows.filter(**{f"{code}__icontains": words}) | rows.filter(name__icontains=words)
    return list(found.order_by(code).values_list(code, "name")[:most])
