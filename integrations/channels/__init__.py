"""Kinds of channels, one folder each: a folder here is a kind, by its name.

A folder's package has `KIND`, a `Kind`. Copy a folder to make another.
"""

from functools import cache

from integrations.channels.kind import Kind, Notice
from integrations.folders import kinds_in

__all__ = ["Kind", "Notice", "kind_of", "kinds"]


@cache
def kinds():
    """{name: Kind} of all folders."""
    return kinds_in(__name__, __path__)


def kind_of(channel):
    """The Kind of a Channel; raises KeyError when its folder is gone."""
    return kinds()[channel.kind]
