"""Settings of a server that never closes a screen for being slow, and asks it nothing."""

from tests.settings import *  # noqa: F403

TAIL_STALL_SECONDS = 3600
TAIL_HEARTBEAT_SECONDS = 1
