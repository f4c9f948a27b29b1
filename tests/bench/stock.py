"""Stock Channels for comparison: every socket a consumer in a group of the Redis layer."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
get_asgi_application()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 - needs the apps
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402


class Screen(AsyncWebsocketConsumer):
    """Shows what the group is told."""

    groups = ("bench",)

    async def told(self, message):
        """The group's message."""
        await self.send(text_data=message["text"])


application = ProtocolTypeRouter({"websocket": URLRouter([path("ws/", Screen.as_asgi())])})
