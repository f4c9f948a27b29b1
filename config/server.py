"""The server process: daphne with real back-pressure, small frames and a graceful end.

python -m config.server --bind 127.0.0.1 --port 8000
python -m config.server --unix /run/xianfeng.sock
python -m config.server --fd 3
"""
# ruff: noqa: N802 - methods that Twisted and autobahn call have their names

import argparse
import os
import threading
from time import monotonic

from daphne.server import Server  # first: it installs the asyncio reactor

# isort: split
from daphne.endpoints import build_endpoint_description_strings
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import defer, reactor, task

from events.tail.pressure import SCOPE_KEY, Pressure
from events.tail.screen import POLICY, RESTART

# A frame of the client's; the socket itself answers what is over 64 KiB with an error first.
FRAME_BYTES = 128 * 1024
# Messages of one client that wait for their handler.
MAX_WAITING = 256
CONNECT_SECONDS = 20
# Also what a client that was told to resume has to read the rest of its buffer.
CLOSE_SECONDS = 10
GRACE_SECONDS = 4
BACKLOG = 1024


class LiveProtocol(WebSocketProtocol):
    """A WebSocket that tells its application when the client does not read."""

    def connectionMade(self):
        """Take over the transport from the HTTP channel that upgraded it."""
        super().connectionMade()
        self.pressure = Pressure()
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)

    def pauseProducing(self):
        """The transport's buffer is full."""
        self.pressure.pause()

    def resumeProducing(self):
        """The transport's buffer has drained."""
        self.pressure.resume()

    def stopProducing(self):
        """The transport is gone; so will the application be."""
        self.pressure.resume()

    def onMessage(self, payload, isBinary):  # noqa: N803 - autobahn's name
        """Pass a message on, unless the client talks faster than it is heard."""
        if self.application_queue.qsize() >= MAX_WAITING:
            self.serverClose(POLICY)
            return
        super().onMessage(payload, isBinary)

    def serverSend(self, content, binary=False):
        """Send one message; a text that goes to many sockets is framed once."""
        if self.state == self.STATE_OPEN and not binary:
            self.transport.write(self.factory.frame(content))

    def serverClose(self, code=None):
        """Close with any code; autobahn's sendClose refuses 1008 and 1012."""
        if self.state == self.STATE_OPEN:
            self.sendCloseFrame(code=code or 1000)


def configured(protocol, factory):
    """`protocol` with the factory's options in the class.

    autobahn would copy and pretty-print two dozen options for each connection, which is the most
    expensive part of a handshake.
    """
    options = {name: getattr(factory, name) for name in protocol.CONFIG_ATTRS}
    members = {name: staticmethod(one) if callable(one) else one for name, one in options.items()}
    return type(protocol.__name__, (protocol,), {**members, "CONFIG_ATTRS": ()})


class Framer:
    """Frames a text, and remembers the last one."""

    def __init__(self, factory):
        self._factory = factory
        self._text, self._frame = None, b""

    def __call__(self, text):
        """The WebSocket frame of `text`."""
        if text is not self._text:
            prepared = self._factory.prepareMessage(text.encode(), doNotCompress=True)
            self._text, self._frame = text, prepared.payloadHybi
        return self._frame


class LiveServer(Server):
    """daphne with our protocol, and an end that lets work finish."""

    def __init__(self, application, endpoints, **options):
        super().__init__(
            application=application,
            endpoints=endpoints,
            ready_callable=self._prepare,
            server_name="xianfeng",
            ping_interval=20,
            ping_timeout=30,
            websocket_timeout=-1,
            websocket_connect_timeout=CONNECT_SECONDS,
            websocket_handshake_timeout=CONNECT_SECONDS,
            websocket_max_message_size=FRAME_BYTES,
            websocket_max_frame_size=FRAME_BYTES,
            **options,
        )

    def _prepare(self):
        factory = self.ws_factory
        factory.setProtocolOptions(closeHandshakeTimeout=CLOSE_SECONDS, failByDrop=False)
        factory.frame = Framer(factory)
        factory.protocol = configured(LiveProtocol, factory)

    def create_application(self, protocol, scope):
        """As daphne's; a socket's scope carries its Pressure."""
        if isinstance(protocol, LiveProtocol):
            scope[SCOPE_KEY] = protocol.pressure
        return super().create_application(protocol, scope)

    def kill_all_applications(self):
        """On the way down: take no more, say 1012 to every socket, let requests finish."""
        watchdog = threading.Timer(GRACE_SECONDS + 2, os._exit, [1])
        watchdog.daemon = True
        watchdog.start()
        return defer.ensureDeferred(self._finish())

    async def _finish(self):
        for listener in self.listeners:
            listener.addCallback(lambda port: port.stopListening())
        for protocol in list(self.connections):
            if isinstance(protocol, LiveProtocol):
                protocol.serverClose(RESTART)
        until = monotonic() + GRACE_SECONDS
        while self._running() and monotonic() < until:
            await task.deferLater(reactor, 0.05)
        for application in self._running():
            application.cancel()
        await task.deferLater(reactor, 0.1)

    def _running(self):
        applications = [
            details.get("application_instance") for details in self.connections.values()
        ]
        return [one for one in applications if one is not None and not one.done()]


def serve(endpoints):
    """Serve config.asgi on Twisted endpoint strings until SIGTERM or SIGINT."""
    from config.asgi import application  # noqa: PLC0415 - sets Django up

    LiveServer(application, endpoints).run()


def main(arguments=None):
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m config.server", description=__doc__)
    parser.add_argument("--bind", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--unix", metavar="PATH", help="listen on a unix socket instead")
    parser.add_argument("--fd", type=int, help="listen on an open socket instead")
    options = parser.parse_args(arguments)
    if options.unix or options.fd is not None:
        where = {"unix_socket": options.unix, "file_descriptor": options.fd}
    else:
        where = {"host": options.bind, "port": options.port}
    endpoints = build_endpoint_description_strings(**where)
    if options.fd is None:
        # A thousand screens come back at once; what overflows the queue waits for a second.
        endpoints = [f"{endpoint}:backlog={BACKLOG}" for endpoint in endpoints]
    serve(endpoints)


if __name__ == "__main__":
    main()
