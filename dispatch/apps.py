"""The app's registration."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """Who handles it?"""

    name = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"
