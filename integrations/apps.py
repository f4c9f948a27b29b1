"""The app's registration."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Who else is involved?"""

    name = "integrations"
    default_auto_field = "django.db.models.BigAutoField"
