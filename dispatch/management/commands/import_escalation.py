"""`manage.py import_escalation FILE`."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from dispatch import policybook
from dispatch.cells import RulebookError


class Command(BaseCommand):
    """Imports escalation policies; the steps of one that is there are replaced."""

    help = "导入升级策略（CSV：policy,stage,category,priority,after,notify,…）"

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *, file, **options):
        """Import and say how many policies; CommandError with the line when the file is wrong."""
        try:
            count = policybook.load_escalation(file)
        except RulebookError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_("升级策略 %(count)d 个") % {"count": count})
