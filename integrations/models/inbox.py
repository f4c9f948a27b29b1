"""What came in: the raw message, the items in it, and the ids by which sources know our events."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Event
from integrations.models.source import Source


class InboundState(models.TextChoices):
    """Where a message stands. `received` is work to do: a crash leaves it so."""

    RECEIVED = "received", _("待处理")
    DONE = "done", _("已处理")
    QUARANTINED = "quarantined", _("隔离")
    DISCARDED = "discarded", _("已弃置")


class InboundMessage(models.Model):
    """A message as it arrived; `body` never changes, what a person mends is kept beside it.

    `key` makes a delivery the same delivery: its delivery id, else the digest of its body.
    """

    receipt = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="messages")
    key = models.CharField(max_length=200)
    body = models.BinaryField()
    headers = models.JSONField(default=dict)
    content_type = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=InboundState, default=InboundState.RECEIVED)
    reason = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    processed_at = models.DateTimeField(null=True)
    # The event that the first item made or touched.
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    mended = models.BinaryField(null=True)
    mended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    mended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("来件")
        verbose_name_plural = _("来件")
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="inbound_key")]
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=Q(state__in=["received", "quarantined"]),
                name="inbound_waiting",
            ),
            models.Index(fields=["source", "received_at"], name="inbound_source"),
        ]

    def __str__(self):
        return str(self.receipt)

    @property
    def content(self):
        """The bytes to read: what a person mended, else what came."""
        return bytes(self.body if self.mended is None else self.mended)


class InboundItem(models.Model):
    """An item of a message that has been applied, written in the transaction that applied it."""

    message = models.ForeignKey(InboundMessage, models.CASCADE, related_name="items")
    index = models.PositiveIntegerField()
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "index"], name="inbound_item_once")
        ]

    def __str__(self):
        return f"{self.message_id}/{self.index}"


class ExternalId(models.Model):
    """An id by which a source knows an event; an event may have several, also after a merge.

    `said_at` is the time of the newest thing the source said about it: what is older changes
    nothing.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="external_ids")
    value = models.CharField(max_length=120)
    event = models.ForeignKey(Event, models.PROTECT, related_name="external_ids")
    said_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "value"], name="external_id_value")
        ]

    def __str__(self):
        return self.value
