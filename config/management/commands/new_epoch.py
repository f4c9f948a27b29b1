"""`manage.py new_epoch`: the last step of restoring a backup."""

import uuid

from django.core.management.base import BaseCommand

from events.models import Log
from integrations import outbox


class Command(BaseCommand):
    """Begins a new epoch of every district's log, so that no screen trusts what it remembers.

    A restored log gives offsets again that screens have seen with other entries behind them. What
    waits in the restored outbox may have been sent since the backup: a person decides about it.
    """

    help = "Begin a new epoch of every log, after a backup was restored."

    def handle(self, **options):
        for log in Log.objects.order_by("code"):
            log.epoch = uuid.uuid4()
            log.save(update_fields=["epoch"])
            self.stdout.write(f"{log.code} {log.epoch}")
        self.stdout.write(f"outbox: {outbox.doubt_all()}")
