"""`manage.py train_suggestions`: make events/data/suggestion.json from the tables beside it."""

import json

from django.core.management.base import BaseCommand

from events.suggesting.model import WEIGHTS
from events.suggesting.tables import classes
from events.suggesting.training import train


class Command(BaseCommand):
    """Writes the weights; run it when a class table or the words of the street have changed."""

    help = "由 events/data 的分类表和街头用语生成分类建议的权重"

    def handle(self, **options):
        """Train and write."""
        found = classes()
        WEIGHTS.write_text(as_text(train(found)))
        self.stdout.write(f"{WEIGHTS.name}: {len(found)}")


def as_text(weights):
    """The weights as the file holds them."""
    return json.dumps(weights, ensure_ascii=False, separators=(",", ":")) + "\n"
