"""HTTP and the live socket for daphne."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - needs the app registry
from channels.security.websocket import WebsocketDenier  # noqa: E402
from django.urls import path, re_path  # noqa: E402

from dispatch.live import LiveSocket  # noqa: E402

# The live socket looks at Origin and session itself: no middleware stands in the way of a delivery.
sockets = [
    path("ws/v1/live/", LiveSocket.as_asgi()),
    re_path(r"", WebsocketDenier.as_asgi()),
]
application = ProtocolTypeRouter({"http": http, "websocket": URLRouter(sockets)})
