"""A thread of its own for database reads, so that no socket waits for another's query."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


class Reader:
    """Runs functions one after another in one thread; `await reader(fn, *args)` is their result.

    The thread's connection is kept while more work waits, and closed when there is none or when
    the database failed.
    """

    def __init__(self, name):
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._waiting = 0

    async def __call__(self, fn, *args):
        """The function's result, or what it raises."""
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, self._run, fn, args)
        finally:
            self._waiting -= 1

    def _run(self, fn, args):
        keep = False
        try:
            result = fn(*args)
            keep = self._waiting > 1
            return result
        finally:
            if not keep:
                connections.close_all()

    def close(self):
        """Take no more work."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class Batch:
    """Answers questions that arrive together with one call.

    `await batch(question)` is that question's place in `fn([question, …])`, run by a Reader. While
    one call is under way the next questions gather.
    """

    def __init__(self, reader, fn):
        self._reader = reader
        self._fn = fn
        self._turn = asyncio.Lock()
        self._questions = []
        self._answers = None

    async def __call__(self, question):
        """The answer to `question`, or what the call raises."""
        if not self._questions:
            self._answers = asyncio.ensure_future(self._ask(self._questions))
        questions, answers = self._questions, self._answers
        questions.append(question)
        place = len(questions) - 1
        return (await asyncio.shield(answers))[place]

    async def _ask(self, questions):
        async with self._turn:
            self._questions = []
            return await self._reader(self._fn, questions)
