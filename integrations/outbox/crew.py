"""A crew: several lanes at a time, for processes that do nothing but deliver."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connections

HANDS = 4


@contextmanager
def crew(hands=HANDS):
    """A `run` for `tick`: threads, each with database connections of its own."""
    with ThreadPoolExecutor(hands, "courier") as pool:

        def run(function, items):
            return list(pool.map(lambda item: _alone(function, item), items))

        yield run


def _alone(function, item):
    try:
        return function(item)
    finally:
        connections.close_all()
