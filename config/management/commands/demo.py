"""`manage.py demo [--if-empty] [--reset]`."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.demo import PASSWORD, district
from config.demo.tables import rows
from dispatch.models import Role


class Command(BaseCommand):
    """Loads the demo district; running it again adds only what is missing."""

    help = "装载演示区（越秀）：区域、部门、分类、规则、日历、账号"

    def add_arguments(self, parser):
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--if-empty", action="store_true", help="已有数据时什么也不做")
        choice.add_argument("--reset", action="store_true", help="先删除全部数据和文件")

    def handle(self, *, if_empty, reset, verbosity, **options):
        """Load, and say what there is; CommandError outside demo mode."""
        if not settings.DEMO:
            raise CommandError(
                _("演示数据带公开口令，只能在演示模式装载：请设置环境变量 XIANFENG_DEMO=1。")
            )
        if if_empty and not district.is_empty():
            self.stdout.write(_("数据库已有数据，未作改动。"))
            return
        if reset:
            district.erase()
        counts = district.load()
        if not verbosity:
            return
        self.stdout.write(
            _(
                "演示区已就绪：区域 %(areas)d，地点 %(places)d，部门 %(departments)d，"
                "分类 %(categories)d，派遣规则 %(rules)d，账号 %(people)d。"
            )
            % counts
        )
        self.stdout.write(_("账号（口令均为 %(password)s）：") % {"password": PASSWORD})
        for row in rows("accounts"):
            self.stdout.write(f"  {row['username']:<22}{Role(row['role']).label}  {row['name']}")
