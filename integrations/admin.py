"""Configuration by an administrator: sources and what their words mean. Never messages, never keys:
those are shown, and looked after, on the operators' pages."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from integrations.models import Mapping, Source


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
