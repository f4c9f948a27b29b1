"""Setting up stations: where they stand, what they watch, their lines."""

from django import forms
from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from integrations.flood.quantities import quantities
from integrations.flood.setup import area_of, check_lines
from integrations.models import Station

LINES = ("quantity", "clear", "warn", "red", "step")


class StationForm(forms.ModelForm):
    """A station whose lines can work, once it may alarm anybody."""

    quantity = forms.ChoiceField(required=False)

    class Meta:
        model = Station
        fields = [
            *("source", "code", "name", "kind", "lon", "lat", "address", "category", "active"),
            *LINES,
            "zero",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["quantity"].label = Station._meta.get_field("quantity").verbose_name
        self.fields["quantity"].choices = [
            ("", "—"),
            *((code, f"{one.name} {one.unit}") for code, one in quantities().items()),
        ]

    def clean(self):
        """Refuse lines that are out of order."""
        values = super().clean()
        if values.get("active"):
            try:
                check_lines({name: values.get(name) for name in LINES})
            except ValueError as problem:
                raise forms.ValidationError(str(problem)) from None
        return values


@admin.register(Station)
class StationAdmin(SimpleHistoryAdmin):
    """Stations; those that introduced themselves are not active until somebody sets them up."""

    form = StationForm
    list_display = [
        *("name", "code", "kind", "active", "quantity", "warn", "red"),
        *("last_value", "last_at", "heard_at", "fault"),
    ]
    list_filter = ["active", "kind", "source"]
    search_fields = ["name", "code", "address"]
    autocomplete_fields = ["category"]

    def save_model(self, request, obj, form, change):
        """The area follows from the point."""
        if obj.lon is not None and obj.lat is not None:
            obj.area_id = area_of(obj.lon, obj.lat)
        super().save_model(request, obj, form, change)
