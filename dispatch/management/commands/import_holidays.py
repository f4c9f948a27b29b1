"""`manage.py import_holidays FILE`."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from dispatch import rulebook


class Command(BaseCommand):
    """Imports days off and make-up workdays; a day that is there is overwritten."""

    help = "导入放假和调休安排（CSV：date,type,name）"

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *, file, **options):
        """Import and say how many rows; CommandError with the line when the file is wrong."""
        try:
            count = rulebook.load_holidays(file)
        except rulebook.RulebookError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_("节假日 %(count)d 天") % {"count": count})
