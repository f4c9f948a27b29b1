"""Kinds of sources, one folder each: a folder here is a kind, by its name.

A folder's package has `KIND`, a `Kind`. Copy a folder to make another.
"""

from functools import cache

from integrations.folders import kinds_in
from integrations.sources.kind import Kind, Unreadable

__all__ = ["Kind", "Unreadable", "kind_of", "kinds"]


@cache
def kinds():
    """{name: Kind} of all folders."""
    return kinds_in(__name__, __path__)


def kind_of(source):
    """The Kind of a Source; raises KeyError when its folder is gone."""
    return kinds()[source.kind]
