"""The app's registration."""

from django.apps import AppConfig
from django.urls import register_converter

from events.converters import EventNumber


class EventsConfig(AppConfig):
    """What happened?"""

    name = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Make `<event_number:number>` known to the address tables above."""
        register_converter(EventNumber, "event_number")
