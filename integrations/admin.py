"""Configuration by an administrator: sources, what their words mean, where people are reached.
Never messages, never keys: those are shown, and looked after, on the operators' pages."""

from django import forms
from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from integrations.channels import kinds
from integrations.flood import admin as flood
from integrations.models import Contact, Mapping, Source
from integrations.open311 import admin as open311

__all__ = ["flood", "open311"]


@admin.register(Source)
class SourceAdmin(SimpleHistoryAdmin):
    """Sources of events."""

    list_display = ["name", "code", "kind", "scheme", "active", "refused", "pull_error"]
    list_filter = ["kind", "active"]
    search_fields = ["name", "code"]
    # They may hold credentials; the operators' page shows them masked.
    exclude = ["options"]
    readonly_fields = ["refused", "refused_at", "refused_why", "pull_next_at", "pull_error"]


@admin.register(Mapping)
class MappingAdmin(SimpleHistoryAdmin):
    """What a source's words mean."""

    list_display = ["source", "table", "theirs", "ours"]
    list_filter = ["source", "table"]
    search_fields = ["theirs", "ours"]


class ContactForm(forms.ModelForm):
    """An address of a kind of channel that reaches persons."""

    kind = forms.ChoiceField()

    class Meta:
        model = Contact
        fields = ["user", "kind", "address", "active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            (name, f"{kind.label}：{kind.address}")
            for name, kind in kinds().items()
            if kind.personal
        ]


@admin.register(Contact)
class ContactAdmin(admin.ModelAdmin):
    """Where people are reached. Browsers subscribe by themselves."""

    form = ContactForm
    list_display = ["user", "kind", "active"]
    list_filter = ["kind", "active"]
    search_fields = ["user__username", "user__officer__name"]
    autocomplete_fields = ["user"]
