"""The port of SL 651: stations connect, send frames, and hear that each is stored."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.utils.translation import gettext as _

from integrations.flood import gate
from integrations.sources.flood.sl651.answer import OPENING, confirmation
from integrations.sources.flood.sl651.frames import LINK_KEEPING
from integrations.sources.flood.sl651.message import Assembly
from integrations.sources.flood.sl651.stream import Rest, Stream
from integrations.sources.kind import Unreadable

CHUNK = 4096
log = logging.getLogger("xianfeng.flood")


@dataclass(frozen=True)
class Limits:
    """Connections at once; faults of one connection; seconds that a begun frame, a silent station
    and a station that does not read its answer are waited for; threads."""

    connections: int = 1000
    faults: int = 20
    frame_s: float = 30
    idle_s: float = 900
    answer_s: float = 10
    threads: int = 4


class Listener:
    """The server for one source's stations."""

    def __init__(self, source_code, limits=None):
        self.source_code = source_code
        self.limits = limits or Limits()
        self._pool = ThreadPoolExecutor(self.limits.threads, thread_name_prefix="sl651")
        self._server, self._open = None, set()

    async def start(self, host, port):
        """Listen; returns the port, which 0 lets the system choose. Raises OSError."""
        self._server = await asyncio.start_server(self._connected, host, port, limit=CHUNK)
        return self._server.sockets[0].getsockname()[1]

    async def stop(self):
        """Take no more, end every connection; what was stored is applied by the clock."""
        self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        self._pool.shutdown(wait=True)

    @property
    def connections(self):
        """How many stations are connected."""
        return len(self._open)

    async def work(self, function, *args):
        """Run a blocking function in a worker thread."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)

    async def _connected(self, reader, writer):
        task = asyncio.current_task()
        full = self.connections >= self.limits.connections
        self._open.add(task)
        try:
            address = writer.get_extra_info("peername")[0]
            source = None if full else await self.work(gate.source_of, self.source_code, address)
            if source is not None:
                await Connection(self, source, reader, writer, address).run()
        except (OSError, TimeoutError):
            pass  # The station is gone; what it sent is stored or will come again.
        except asyncio.CancelledError:
            pass  # `stop`; nobody waits for this task but it.
        except Exception:
            log.exception("sl651: a connection failed")
        finally:
            self._open.discard(task)
            writer.close()


class Connection:
    """One station's connection; frames are dealt with in their order, one at a time."""

    def __init__(self, listener, source, reader, writer, address):
        self.listener, self.source, self.address = listener, source, address
        self.reader, self.writer = reader, writer
        self.stream, self.assembly = Stream(), Assembly()
        self.faults, self.spoke_at, self.began_at = 0, 0.0, None

    async def run(self):
        """Until the station hangs up, falls silent, or sends too much that is no frame."""
        clock = asyncio.get_running_loop().time
        limits, self.spoke_at = self.listener.limits, clock()
        while self.faults < limits.faults:
            end = self.spoke_at + limits.idle_s
            if self.began_at is not None:
                end = min(end, self.began_at + limits.frame_s)
            piece = await self._read(max(0, end - clock()))
            if piece:
                parts = self.stream.feed(piece)
            elif piece is None and self.began_at is None:
                break
            else:
                parts = self.stream.flush()
            for part in parts:
                await self._take(part)
                self.spoke_at = clock()
            self.began_at = (self.began_at or clock()) if self.stream.waiting else None
            if piece == b"":
                break
        for frames in self.assembly.unfinished():
            raw = b"".join(frame.raw for frame in frames)
            await self.listener.work(gate.keep_rest, self.source, raw, self.address)

    async def _read(self, seconds):
        """Bytes, b"" when the station has hung up, None when nothing came in time."""
        try:
            return await asyncio.wait_for(self.reader.read(CHUNK), seconds)
        except TimeoutError:
            return None

    async def _take(self, part):
        if isinstance(part, Rest):
            await self._fault(part.raw)
            return
        if not gate.knows_password(self.source, part):
            self.faults += 1
            why = _("测站密码不符。")
            await self.listener.work(gate.refuse, self.source, why)
            return
        try:
            message = None if part.down else self.assembly.add(part)
            station = part.station
        except Unreadable:
            await self._fault(part.raw)
            return
        if part.function == LINK_KEEPING:
            await self.listener.work(gate.heard, self.source, station)
        elif message is not None:
            await self._store(message)

    async def _fault(self, raw):
        self.faults += 1
        await self.listener.work(gate.keep_rest, self.source, raw, self.address)

    async def _store(self, message):
        """Stored, then confirmed, then looked into. Without room or a database there is no answer,
        and the station sends it again."""
        kept = await self.listener.work(gate.keep, self.source, message.raw, self.address)
        if kept is None:
            return
        row, created = kept
        if answer := confirmation(message.last, message.text[:OPENING]):
            self.writer.write(answer.hex().upper().encode() if self.stream.text else answer)
            await asyncio.wait_for(self.writer.drain(), self.listener.limits.answer_s)
        if created:
            await self.listener.work(gate.look_into, row)
