"""The floor of fan-out: a bare `websockets` server that broadcasts a text to all.

`python -m tests.bench.broadcast PORT`; each line `COUNT PAUSE SIZE` on its input sends COUNT texts.
"""

import asyncio
import sys

from websockets.asyncio.server import broadcast, serve


async def main(port):
    """Serve and broadcast."""
    screens = set()

    async def welcome(socket):
        screens.add(socket)
        try:
            await socket.wait_closed()
        finally:
            screens.discard(socket)

    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    async with serve(welcome, "127.0.0.1", port, compression=None):
        print("ready", flush=True)
        while line := (await lines.readline()).split():
            count, pause, size = int(line[0]), float(line[1]), int(line[2])
            for _one in range(count):
                broadcast(screens, "x" * size)
                await asyncio.sleep(pause)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
