"""The app's registration."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """What happened?"""

    name = "events"
    default_auto_field = "django.db.models.BigAutoField"
