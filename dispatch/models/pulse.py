"""Signs that the background processes live, and what the auditor found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """When a background process was last seen alive."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    def __str__(self):
        return self.name


class Audit(models.Model):
    """What the auditor found from `since` to `at`, its latest look; the last row is of now.

    `findings` is {name: {count, numbers}}, only what is wrong. A row goes on as long as the same
    things are.
    """

    since = models.DateTimeField()
    at = models.DateTimeField()
    ok = models.BooleanField()
    findings = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("审计结果")
        verbose_name_plural = _("审计结果")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.since:%Y-%m-%d %H:%M:%S}"
