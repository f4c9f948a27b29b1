"""Configuration by an administrator: people, departments, rules, limits. Never events."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from simple_history.admin import SimpleHistoryAdmin

from dispatch import access
from dispatch.models import (
    CalendarEdition,
    Department,
    EscalationPolicy,
    Holiday,
    LimitRule,
    Officer,
    PolicyStep,
    RoutingRule,
    RoutingTarget,
    WorkGroup,
)

admin.site.site_header = admin.site.site_title = "先锋"


class RightsAdmin(admin.ModelAdmin):
    """A change here changes rights: open sockets look again."""

    def save_related(self, request, form, formsets, change):
        """After the many-to-many fields are written."""
        super().save_related(request, form, formsets, change)
        access.rights_changed()

    def delete_model(self, request, obj):
        """One object."""
        super().delete_model(request, obj)
        access.rights_changed()

    def delete_queryset(self, request, queryset):
        """Several objects."""
        super().delete_queryset(request, queryset)
        access.rights_changed()


class WorkGroupInline(admin.TabularInline):
    """A department's work groups."""

    model = WorkGroup
    extra = 0
    autocomplete_fields = ["members"]


@admin.register(Department)
class DepartmentAdmin(RightsAdmin):
    """Departments and their jurisdiction."""

    list_display = ["name", "code", "kind", "fallback", "active"]
    list_filter = ["kind", "active", "fallback"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["areas"]
    inlines = [WorkGroupInline]


@admin.register(Officer)
class OfficerAdmin(RightsAdmin):
    """People, their role and areas."""

    list_display = ["name", "user", "role", "department"]
    list_filter = ["role"]
    search_fields = ["name", "user__username", "department__name"]
    autocomplete_fields = ["user", "department", "areas"]
    list_select_related = ["user", "department"]


admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin, RightsAdmin):
    """Accounts: disabling one closes its open sockets."""


class TargetInline(admin.TabularInline):
    """Where a rule sends events."""

    model = RoutingTarget
    extra = 1
    autocomplete_fields = ["department"]


@admin.register(RoutingRule)
class RoutingRuleAdmin(SimpleHistoryAdmin):
    """Routing rules, and who changed them."""

    list_display = ["name", "order", "category", "area", "priority", "source", "active"]
    list_editable = ["order", "active"]
    list_filter = ["active", "priority", "source"]
    search_fields = ["name"]
    autocomplete_fields = ["category", "area"]
    list_select_related = ["category", "area"]
    inlines = [TargetInline]


@admin.register(LimitRule)
class LimitRuleAdmin(admin.ModelAdmin):
    """Limits by class."""

    list_display = ["category", "stage", "condition", "value", "limit_type", "default"]
    list_filter = ["stage", "limit_type", "category__scheme"]
    search_fields = ["category__name", "category__qualified"]
    autocomplete_fields = ["category"]
    list_select_related = ["category"]


class StepInline(admin.TabularInline):
    """When a policy tells whom."""

    model = PolicyStep
    extra = 1
    autocomplete_fields = ["department"]


@admin.register(EscalationPolicy)
class EscalationPolicyAdmin(SimpleHistoryAdmin):
    """Who is told when, by class and priority; what runs already keeps the steps it began with."""

    list_display = ["name", "stage", "order", "category", "priority", "active"]
    list_editable = ["order", "active"]
    list_filter = ["stage", "active", "priority"]
    search_fields = ["name"]
    autocomplete_fields = ["category"]
    list_select_related = ["category"]
    inlines = [StepInline]


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):
    """Days off and make-up workdays; after a change the clock reckons running limits anew."""

    list_display = ["day", "name", "working"]
    list_filter = ["working"]
    date_hierarchy = "day"

    def save_model(self, request, obj, form, change):
        """One day."""
        super().save_model(request, obj, form, change)
        CalendarEdition.advance()

    def delete_model(self, request, obj):
        """One day."""
        super().delete_model(request, obj)
        CalendarEdition.advance()

    def delete_queryset(self, request, queryset):
        """Several days."""
        super().delete_queryset(request, queryset)
        CalendarEdition.advance()
