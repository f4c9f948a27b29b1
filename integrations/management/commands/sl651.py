"""`manage.py sl651`: the port to which hydrological stations connect."""

import asyncio
import signal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from integrations.flood.listener import Listener
from integrations.models import Source


class Command(BaseCommand):
    """Listens for SL 651-2014 frames until SIGTERM or Ctrl-C."""

    help = "Listen for SL 651-2014 frames of hydrological stations (TCP)."

    def add_arguments(self, parser):
        """`--host`, `--port`, `--source`: by default those of the settings."""
        parser.add_argument("--host", default=settings.SL651_HOST)
        parser.add_argument("--port", type=int, default=settings.SL651_PORT)
        parser.add_argument("--source", default=settings.SL651_SOURCE)

    def handle(self, *, host, port, source, **options):
        """Serve; CommandError when the port or the source cannot be had."""
        if not 0 < port < 65536:
            raise CommandError(_("请用 --port 或 XIANFENG_SL651_PORT 指定端口。"))
        if not Source.objects.filter(code=source, kind="flood").exists():
            raise CommandError(_("没有三防来源 {code}。").format(code=source))
        asyncio.run(self.serve(host, port, source))

    async def serve(self, host, port, source):
        """Until told to stop."""
        listener, stop = Listener(source), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        try:
            await listener.start(host, port)
        except OSError as error:
            said = {"host": host, "port": port, "reason": error.strerror}
            raise CommandError(_("无法在 {host}:{port} 监听：{reason}").format(**said)) from error
        self.stdout.write(
            _("SL 651 端口已打开：{host}:{port}").format(host=host, port=port), ending="\n"
        )
        self.stdout.flush()
        await stop.wait()
        await listener.stop()
