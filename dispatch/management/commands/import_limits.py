"""`manage.py import_limits FILE [--scheme S]`."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from dispatch import rulebook


class Command(BaseCommand):
    """Imports how long each stage of a class may take; running it twice changes nothing."""

    help = "导入时限规则（CSV，格式见 dispatch/data/SOURCES.md）"

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--scheme", default="", help="文件只有大类、小类代码时，属于哪个体系")

    def handle(self, *, file, scheme, **options):
        """Import and say how many rows; CommandError with the line when the file is wrong."""
        try:
            count = rulebook.load_limits(file, scheme)
        except rulebook.RulebookError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_("时限规则 %(count)d 条") % {"count": count})
