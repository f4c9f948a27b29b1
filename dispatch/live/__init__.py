"""The live socket: who may open it, what it may ask, whose entries it hears."""

from dispatch.live.socket import LiveSocket

__all__ = ["LiveSocket"]
