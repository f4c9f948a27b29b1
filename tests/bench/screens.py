"""Many sockets that only listen, in a process of their own.

`python -m tests.bench.screens URL COUNT [TOKEN TOPIC]` prints `ready` when all listen; then, for
each line on its input, waits until every screen has had that many messages more and prints the
seconds since the line came, until `end`.
"""

import asyncio
import json
import sys
import time

from websockets.asyncio.client import connect


async def listen(url, token, topic, counter, door):
    """One screen; counts what it is shown. Some enter at a time: a rush is not measured here."""
    async with door:
        socket = await connect(url, compression=None, max_queue=None, open_timeout=60)
        if token:
            await socket.send(json.dumps({"op": "auth", "token": token}))
            subscribe = {"op": "subscribe", "topics": [topic], "position": None}
            await socket.send(json.dumps(subscribe))
            while json.loads(await socket.recv())["op"] != "ready":
                pass
        counter["ready"] += 1
    async with socket:
        async for text in socket:
            if not token or text.startswith('{"op":"entry"') or '"op": "entry"' in text[:40]:
                counter["seen"] += 1


async def main(url, count, token="", topic=""):
    """Open the screens some at a time, then count."""
    counter = {"ready": 0, "seen": 0}
    door = asyncio.Semaphore(16)
    tasks = [asyncio.create_task(listen(url, token, topic, counter, door)) for _ in range(count)]
    while counter["ready"] < count:
        await asyncio.sleep(0.05)
        for task in tasks:
            if task.done():
                task.result()
    print("ready", flush=True)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    while (line := (await lines.readline()).decode().strip()) not in ("", "end"):
        wanted = int(line) * count
        counter["seen"] = 0
        started = time.perf_counter()
        print("go", flush=True)
        while counter["seen"] < wanted:
            await asyncio.sleep(0.001)
        print(time.perf_counter() - started, flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]))
