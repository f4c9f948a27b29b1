"""`manage.py import_stations FILE --source CODE [--overwrite]`."""

import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from integrations.flood import setup
from integrations.models import Source


class Command(BaseCommand):
    """Sets up flood control stations from a CSV file (integrations/flood/setup.py)."""

    help = "Set up flood control stations from a CSV file."

    def add_arguments(self, parser):
        """The file, `--source`, `--overwrite`."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="flood")
        parser.add_argument("--overwrite", action="store_true")

    def handle(self, *, file, source, overwrite, **options):
        """Load, and say how many; CommandError for a file or source that cannot be read."""
        found = Source.objects.filter(code=source, kind="flood").first()
        if found is None:
            raise CommandError(_("没有三防来源 {code}。").format(code=source))
        try:
            with file.open(encoding="utf-8-sig", newline="") as opened:
                count = setup.load(found, setup.read(csv.DictReader(opened)), overwrite=overwrite)
        except (OSError, UnicodeDecodeError, setup.SetupError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_("已设置监测站 {count} 个。").format(count=count))
