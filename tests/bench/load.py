"""A load generator in a process of its own: connections that POST reports one after another.

`python -m tests.bench.load URL TOKEN CONNECTIONS SECONDS` prints {"done", "failed", "p50", "p99"}.
"""

import asyncio
import json
import random
import sys
import time
import uuid
from urllib.parse import urlsplit

from tests import BEIYUAN


def body():
    """One tap: a lost child near the community's middle."""
    return json.dumps(
        {
            "client_id": str(uuid.uuid4()),
            "category": "emergency.lost-person",
            "text": "孩子走失，红色上衣",
            "location": {
                "lon": BEIYUAN["lon"] + random.uniform(-2e-4, 2e-4),
                "lat": BEIYUAN["lat"] + random.uniform(-2e-4, 2e-4),
                "accuracy_m": 12,
            },
        }
    ).encode()


async def connection(address, token, until, times, failed):
    """POST until the time is over."""
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    while time.perf_counter() < until:
        payload = body()
        started = time.perf_counter()
        writer.write(
            b"POST /api/v1/reports/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json"
            b"\r\nAuthorization: Token "
            + token.encode()
            + b"\r\nContent-Length: "
            + str(len(payload)).encode()
            + b"\r\n\r\n"
            + payload
        )
        head = await reader.readuntil(b"\r\n\r\n")
        size = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        await reader.readexactly(size)
        if b" 201 " in head[:20]:
            times.append(time.perf_counter() - started)
        else:
            failed.append(head[:40].decode())
    writer.close()


async def main(url, token, connections, seconds):
    """Run the connections and print what they saw."""
    times, failed = [], []
    until = time.perf_counter() + seconds
    await asyncio.gather(
        *(connection(urlsplit(url), token, until, times, failed) for _one in range(connections))
    )
    times.sort()
    print(
        json.dumps(
            {
                "done": len(times),
                "failed": len(failed),
                "why": failed[:3],
                "p50": times[len(times) // 2] if times else None,
                "p99": times[int(len(times) * 0.99)] if times else None,
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
