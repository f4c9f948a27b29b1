from django.contrib import admin

from geo import areas, landmarks
from geo.models import AddressRange, Area, Dataset, Place, Road


@admin.register(Area)
class AreaAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "level", "parent", "valid_from", "valid_to"]
    list_filter = ["level", ("valid_to", admin.EmptyFieldListFilter)]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "area", "lon", "lat"]
    list_filter = ["kind"]
    list_select_related = ["area"]
    search_fields = ["name", "external_id"]
    readonly_fields = ["area"]

    def save_model(self, request, obj, form, change):
        obj.area_id = landmarks.area_of(areas.current(), obj.lon, obj.lat)
        super().save_model(request, obj, form, change)


class AddressRangeInline(admin.TabularInline):
    model = AddressRange
    extra = 0
    autocomplete_fields = ["street"]


@admin.register(Road)
class RoadAdmin(admin.ModelAdmin):
    list_display = ["name", "accuracy_m", "source"]
    search_fields = ["name"]
    inlines = [AddressRangeInline]


@admin.register(AddressRange)
class AddressRangeAdmin(admin.ModelAdmin):
    list_display = ["road", "from_no", "to_no", "parity", "street", "building"]
    list_filter = ["street"]
    list_select_related = ["road", "street"]
    search_fields = ["road__name", "building"]
    autocomplete_fields = ["road", "street"]


@admin.register(Dataset)
class DatasetAdmin(admin.ModelAdmin):
    list_display = ["name", "token", "changed_at"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
