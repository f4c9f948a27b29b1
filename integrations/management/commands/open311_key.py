"""`manage.py open311_key NAME [--per-minute N] [--tokens]`."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from integrations.models import ApiKey


class Command(BaseCommand):
    """Issues an api_key for an app; its text is shown this once and kept nowhere."""

    help = "发放 Open311 api_key（只显示一次）"

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("--per-minute", type=int, help="每分钟请求上限")
        parser.add_argument("--tokens", action="store_true", help="回执用令牌而不是编号")

    def handle(self, *, name, per_minute, tokens, **options):
        """Write the key and print its text."""
        limit = {"per_minute": per_minute} if per_minute else {}
        _key, text = ApiKey.issue(name, tokens=tokens, **limit)
        self.stdout.write(
            _("%(name)s 的 api_key（请立即保存）： %(text)s") % {"name": name, "text": text}
        )
