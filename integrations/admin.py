"""Configuration of the doors for other systems, for administrators."""

from integrations.open311 import admin as open311

__all__ = ["open311"]
