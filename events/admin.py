"""Configuration of event classes. Events themselves change only by actions."""

from django.contrib import admin

from events.models import Category


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    """Classes of events by scheme."""

    list_display = ["name", "qualified", "parent", "priority", "selectable", "active"]
    list_filter = ["scheme", "priority", "active"]
    search_fields = ["name", "qualified"]
    autocomplete_fields = ["parent"]
    list_select_related = ["parent"]
