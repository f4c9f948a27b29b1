"""Something to show, written from a process of its own.

`hub NUMBER` posts messages into an event's room through the domain, `stock SIZE` sends texts to the
group of the stock consumer. Each line `COUNT PAUSE` on the input sends COUNT of them.
"""

import asyncio
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()

from channels.layers import get_channel_layer  # noqa: E402 - needs the apps
from django.contrib.auth.models import User  # noqa: E402

from dispatch.access import scope_of  # noqa: E402
from dispatch.actions.perform import perform  # noqa: E402

TEXT = "现场已封控，派出所正在调取北园社区周边道路的监控，请各组保持联系，有情况随时在群里报告。"


def hub(number):
    """Post as the dispatcher."""
    scope = scope_of(User.objects.get(username="dispatcher"))
    for line in sys.stdin:
        count, pause = line.split()
        for _one in range(int(count)):
            perform(number, "post", scope, {"text": TEXT * 3, "attachments": [], "public": False})
            time.sleep(float(pause))


def stock(size):
    """Send to the group."""

    async def send():
        layer = get_channel_layer()
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            count, pause = line.split()
            for _one in range(int(count)):
                await layer.group_send("bench", {"type": "told", "text": "x" * int(size)})
                await asyncio.sleep(float(pause))

    asyncio.run(send())


if __name__ == "__main__":
    print("ready", flush=True)
    {"hub": hub, "stock": stock}[sys.argv[1]](sys.argv[2])
