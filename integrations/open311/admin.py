"""Configuration of the GeoReport door: keys, services, their questions; requests to look at."""

from django.contrib import admin, messages
from django.utils.translation import gettext as _

from integrations.models import ApiKey, Service, ServiceAttribute, ServiceRequest


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    """Keys; the text of a new one is shown once."""

    list_display = ["name", "active", "expires_at", "per_minute", "tokens"]
    list_filter = ["active", "tokens"]
    search_fields = ["name"]

    def save_model(self, request, obj, form, change):
        """Write it; a new one gets its text."""
        if not change:
            text = obj.make()
            self.message_user(
                request,
                _("api_key（只显示这一次，请立即保存）： %(text)s") % {"text": text},
                messages.WARNING,
            )
        super().save_model(request, obj, form, change)


class AttributeInline(admin.StackedInline):
    """A service's questions."""

    model = ServiceAttribute
    extra = 0


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    """What the public may ask for."""

    list_display = ["name", "code", "category", "group", "order", "public", "active"]
    list_editable = ["order", "active"]
    list_filter = ["active", "public", "group"]
    search_fields = ["name", "code", "keywords"]
    autocomplete_fields = ["category"]
    list_select_related = ["category"]
    inlines = [AttributeInline]


@admin.register(ServiceRequest)
class ServiceRequestAdmin(admin.ModelAdmin):
    """Which app asked for what; nobody changes it."""

    list_display = ["event", "service", "key"]
    list_filter = ["key", "service"]
    list_select_related = ["event", "service", "key"]

    def has_add_permission(self, request):
        """Never."""
        return False

    def has_change_permission(self, request, obj=None):
        """Never."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Never."""
        return False
