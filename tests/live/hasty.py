"""Settings of a server whose patience a test can outlast."""

from tests.settings import *  # noqa: F403

TAIL_HEARTBEAT_SECONDS = 1
TAIL_STALL_SECONDS = 2
TAIL_CATCH_UP = 400
