"""Settings of a server that soon closes a screen which does not read."""

from tests.settings import *  # noqa: F403

TAIL_STALL_SECONDS = 6
TAIL_HEARTBEAT_SECONDS = 1
