"""The top floor as an app: entry points, the demo district, system checks."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registers the system checks."""

    name = "config"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from config import checks  # noqa: F401 - registers itself
