"""What came in: the raw message, the items in it, and the ids by which sources know our events."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models import Attachment, Event
from integrations.models.source import Source


class InboundState(models.TextChoices):
    """Where a message stands. `received` is work to do: a crash leaves it so."""

    RECEIVED = "received", _("待处理")
    DONE = "done", _("已处理")
    QUARANTINED = "quarantined", _("隔离")
    DISCARDED = "discarded", _("已弃置")


class InboundMessage(models.Model):
    """A message as it arrived; `body` never changes, what a person mends is kept beside it.

    `key` makes a delivery the same delivery: its delivery id, else the digest of its body. What
    waits (for an event that has not come yet) is tried again at `retry_at`.
    """

    receipt = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="messages")
    key = models.CharField(max_length=200)
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    headers = models.JSONField(default=dict)
    content_type = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=InboundState, default=InboundState.RECEIVED)
    reason = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    processed_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    # The event that the first item made or touched.
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    mended = models.BinaryField(null=True)
    mended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    mended_at = models.DateTimeField(null=True)
    # How often it was mended: its items are counted anew each time.
    edition = models.PositiveSmallIntegerField(default=0)

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
            models.Index(
                fields=["received_at"], condition=Q(state="discarded"), name="inbound_discarded"
            ),
            models.Index(
                fields=["retry_at"], condition=Q(retry_at__isnull=False), name="inbound_retry"
            ),
        ]

    def __str__(self):
        return str(self.receipt)

    @property
    def content(self):
        """The bytes to read: what a person mended, else what came."""
        return bytes(self.body if self.mended is None else self.mended)


class InboundItem(models.Model):
    """An item of a message that has been applied, written in the transaction that applied it.

    `digest` tells in a mended message which items had been applied before it was mended.
    """

    message = models.ForeignKey(InboundMessage, models.CASCADE, related_name="items")
    edition = models.PositiveSmallIntegerField(default=0)
    index = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "edition", "index"], name="inbound_item_once"
            )
        ]

    def __str__(self):
        return f"{self.message_id}/{self.index}"


class Awaited(models.Model):
    """An id that an item of a message speaks of and that no event has yet."""

    message = models.ForeignKey(InboundMessage, models.CASCADE, related_name="awaited")
    value = models.CharField(max_length=120, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "value"], name="awaited_once")]

    def __str__(self):
        return self.value


class ExternalId(models.Model):
    """An id by which a source knows an event; an event may have several, also after a merge.

    `said_at` is when the source last said anything about it. `said` holds for each type of item
    {"at": ISO 8601 of the newest, "seen": [digest…]}: what is older, or the same again, changes
    nothing.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="external_ids")
    value = models.CharField(max_length=120)
    event = models.ForeignKey(Event, models.PROTECT, related_name="external_ids")
    said_at = models.DateTimeField(null=True)
    said = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "value"], name="external_id_value")
        ]

    def __str__(self):
        return self.value


class PictureOrder(models.Model):
    """A picture to fetch from its address for an event; `next_at` is empty when that has ended."""

    message = models.ForeignKey(InboundMessage, models.CASCADE, related_name="pictures")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    url = models.CharField(max_length=2000)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=8, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    attachment = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("待取图片")
        verbose_name_plural = _("待取图片")
        constraints = [
            models.UniqueConstraint(fields=["message", "event", "url"], name="picture_once")
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="picture_due")
        ]

    def __str__(self):
        return f"{self.event_id}: {self.name}"
