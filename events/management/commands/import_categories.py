"""`manage.py import_categories FILE --scheme S --version V`."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from events import categories
from events.models import Priority


class Command(BaseCommand):
    """Makes a scheme's category tree equal to a CSV file; running it twice changes nothing."""

    help = "导入一个分类体系（CSV，格式见 events/data/SOURCES.md）"

    def create_parser(self, prog_name, subcommand, **kwargs):
        # Django's own --version gives way to the version of the scheme.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--scheme", required=True, help="体系，如 event；公开代码为 体系.代码")
        parser.add_argument("--version", required=True, help="体系的版本，如 GB/T-30428.2-2013")
        parser.add_argument("--name", default="", help="根分类的名称")
        parser.add_argument("--priority", choices=Priority.values, default=Priority.P3)
        parser.add_argument("--upgrade", action="store_true", help="换成新版本")

    def handle(self, *, file, scheme, version, name, priority, upgrade, **options):
        """Import and say what changed; CommandError with the line when the file is wrong."""
        try:
            outcome = categories.load(
                categories.read(file, scheme),
                scheme,
                version,
                name=name,
                priority=priority,
                upgrade=upgrade,
            )
        except categories.CategoryError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            _(
                "分类 %(scheme)s：新增 %(created)d，更新 %(updated)d，"
                "不变 %(unchanged)d，停用 %(retired)d"
            )
            % {"scheme": scheme, **vars(outcome)}
        )
