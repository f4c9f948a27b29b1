"""A thread of its own for database reads, so that no socket waits for another's query."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections


class Reader:
    """Runs functions one after another in one thread; `await reader(fn, *args)` is their result."""

    def __init__(self, name):
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def __call__(self, fn, *args):
        """The function's result, or what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, _fresh, fn, args)

    def close(self):
        """Take no more work."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _fresh(fn, args):
    close_old_connections()
    try:
        return fn(*args)
    finally:
        close_old_connections()
