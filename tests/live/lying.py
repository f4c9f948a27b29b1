"""A channel layer that lies: it loses, doubles and reorders three of ten messages."""

import random

from channels_redis.pubsub import RedisPubSubChannelLayer

from tests.settings import *  # noqa: F403
from tests.settings import REDIS_URL

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "tests.live.lying.LyingLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "lying"},
    }
}


class LyingLayer(RedisPubSubChannelLayer):
    """Redis pub/sub whose `group_send` cannot be trusted."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.chance = random.Random(20261122)
        self.held = []

    async def group_send(self, group, message):
        """Send the message, or nothing, or twice, or after the next one."""
        fate = self.chance.random()
        if fate < 0.1:
            return
        if fate < 0.2:
            self.held.append(message)
            return
        copies = 2 if fate < 0.3 else 1
        held, self.held = self.held, []
        for one in [message] * copies + held:
            await self._get_layer().group_send(group, one)
