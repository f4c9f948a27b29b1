"""The port to which stations connect: stored, then confirmed, byte for byte."""

import asyncio
import contextlib
import random
import socket
import threading
import time

import pytest

from integrations.flood import gate
from integrations.flood.listener import Limits, Listener
from integrations.models import InboundMessage, InboundState, Source
from integrations.sources.flood.sl651.stream import Rest, Stream
from tests.flood.senders import depth_text, events, frame, options, samples, station

SAMPLES = samples()
UPLINKS = [raw for meaning, raw in SAMPLES.items() if " up" in meaning]
ACKS = [raw for meaning, raw in SAMPLES.items() if "down" in meaning]
SIZE = len(ACKS[0])
PATIENCE = 10


class Port:
    """A listener in a thread of its own."""

    def __init__(self, limits):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.listener = Listener("flood", limits)
        self.number = self.run(self.listener.start("127.0.0.1", 0))

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE)

    def close(self):
        self.run(self.listener.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)
        self.loop.close()

    @contextlib.contextmanager
    def call(self):
        """A station's connection."""
        with socket.create_connection(("127.0.0.1", self.number), PATIENCE) as line:
            yield line


def answer(line, size):
    """That many bytes of an answer, or as many as came before the line went dead."""
    found = b""
    while len(found) < size and (piece := line.recv(size - len(found))):
        found += piece
    return found


def until(true):
    """Wait for the listener's threads."""
    end = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    assert true()


@pytest.fixture
def port(committed):
    """A listener with little patience."""
    opened = Port(Limits(connections=20, faults=5, frame_s=0.3, idle_s=60, threads=2))
    yield opened
    opened.close()


def test_the_samples_in_all_pieces_are_confirmed_byte_for_byte(port):
    whole = b"".join(UPLINKS)
    dice = random.Random(651)
    cuts = [range(1, len(whole)), [], [1, 2, 3, len(whole) - 1]]
    cuts += [sorted(dice.sample(range(1, len(whole)), 5)) for _again in range(8)]
    for places in cuts:
        with port.call() as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for begin, end in zip([0, *places], [*places, len(whole)], strict=True):
                line.sendall(whole[begin:end])
            # Keeping the link is not answered; the same frame again is, and is stored once.
            assert answer(line, 2 * SIZE) == b"".join(ACKS)
    until(lambda: set(states()) == {InboundState.DONE})
    assert InboundMessage.objects.count() == 2
    assert {bytes(row.body) for row in InboundMessage.objects.all()} == set(UPLINKS[1:])


def states():
    return InboundMessage.objects.values_list("state", flat=True)


def test_every_cut_of_a_stream_gives_the_same_frames():
    noise = [b"\x00", b"7E", b"\x7e", UPLINKS[1][:25], b"~~~~", b"\r\n"]
    whole = b"".join(UPLINKS[n % 3] + noise[n] for n in range(6)) + UPLINKS[2].hex().encode()
    expected = None
    for step in range(1, len(whole)):
        stream, found = Stream(), []
        for begin in range(0, len(whole), step):
            found += stream.feed(whole[begin : begin + step])
        found += stream.flush()
        frames = [part.function for part in found if not isinstance(part, Rest)]
        expected = expected or frames
        assert frames == expected == [0x2F, 0x30, 0x32] * 2 + [0x32]


def test_a_frame_over_the_line_is_an_event_a_moment_after_it_was_confirmed(port, moment):
    raw = frame(depth_text(46, moment.now()))
    with port.call() as line:
        line.sendall(raw)
        assert answer(line, SIZE)[-3] == 0x1B
        until(lambda: len(events()) == 1)
        line.sendall(raw.hex().encode())
        assert answer(line, 2 * SIZE).startswith(b"7E7E")
    assert len(events()) == InboundMessage.objects.count() == 1


def test_what_is_not_stored_is_not_confirmed(port, moment, monkeypatch):
    raw = frame(depth_text(46, moment.now()))
    monkeypatch.setattr(gate, "keep", lambda *_args: None)
    with port.call() as line:
        line.sendall(raw)
        line.settimeout(0.3)
        with pytest.raises(TimeoutError):
            line.recv(1)
    assert not InboundMessage.objects.exists()


def test_a_bad_frame_gets_no_answer_and_the_next_one_does(port, moment):
    good = frame(depth_text(5, moment.now()))
    bad = good[:-1] + bytes([good[-1] ^ 1])
    with port.call() as line:
        line.sendall(bad + good[:17] + good)
        assert answer(line, SIZE)[-3] == 0x1B
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            line.recv(1)
    until(lambda: sorted(states()) == ["done", "quarantined"])
    put_aside = InboundMessage.objects.get(state="quarantined")
    assert "CRC" in put_aside.reason
    assert bytes(put_aside.body) == bad + good[:17]


def test_a_frame_that_never_ends_is_put_aside_and_the_line_stays_usable(port, moment):
    good = frame(depth_text(5, moment.now()))
    with port.call() as line:
        line.sendall(good[:40])
        until(lambda: list(states()) == ["quarantined"])
        line.sendall(good)
        assert answer(line, SIZE)[-3] == 0x1B


def test_packets_that_are_not_all_there_when_the_line_breaks_are_put_aside(port, moment):
    text = depth_text(20, moment.now())
    packets = [
        frame(text[:20], packets=(2, 1), end=0x17),
        frame(text[20:], packets=(2, 2)),
    ]
    with port.call() as line:
        line.sendall(packets[0])
    until(lambda: list(states()) == ["quarantined"])
    with port.call() as line:
        line.sendall(packets[0] + packets[1])
        assert answer(line, SIZE)[14:22].hex() == text[:16].lower()
    until(lambda: len(events()) == 1)


def test_who_sends_only_garbage_is_hung_up_on(port):
    with port.call() as line:
        with contextlib.suppress(OSError):
            for _again in range(40):
                line.sendall(b"\xa5" * 4096)
        line.settimeout(PATIENCE)
        with contextlib.suppress(OSError):
            assert line.recv(1) == b""
    assert InboundMessage.objects.filter(state="quarantined").count() <= 5


def test_more_connections_than_there_is_room_for_are_closed(port):
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(port.call()) for _one in range(20)]
        until(lambda: port.listener.connections == 20)
        with port.call() as late:
            late.settimeout(PATIENCE)
            assert late.recv(1) == b""
        lines[0].sendall(UPLINKS[1])
        assert answer(lines[0], SIZE) == ACKS[0]


def test_only_the_stations_networks_are_let_in(port):
    options(allow_from=["10.9.0.0/16"])
    with port.call() as line:
        line.settimeout(PATIENCE)
        assert line.recv(1) == b""
    assert Source.objects.get(code="flood").refused == 1


def test_a_frame_with_another_password_is_neither_stored_nor_confirmed(port, moment):
    options(passwords=["ABCD"])
    with port.call() as line:
        line.sendall(frame(depth_text(46, moment.now())))
        until(lambda: Source.objects.get(code="flood").refused == 1)
    assert not InboundMessage.objects.exists()


def test_keeping_the_link_is_noted_at_the_station(port):
    with port.call() as line:
        line.sendall(UPLINKS[0])
        until(lambda: station("12345678").heard_at is not None)
    assert not InboundMessage.objects.exists()
