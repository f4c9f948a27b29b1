"""Kinds of channels, one folder each: a folder here is a kind, by its name.

A folder's package has `KIND`, a `Kind`. Copy a folder to make another.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from integrations.channels.kind import Kind, Notice

__all__ = ["Kind", "Notice", "kind_of", "kinds"]


@cache
def kinds():
    """{name: Kind} of all folders."""
    return {
        module.name: import_module(f"{__name__}.{module.name}").KIND
        for module in iter_modules(__path__)
        if module.ispkg
    }


def kind_of(channel):
    """The Kind of a Channel; raises KeyError when its folder is gone."""
    return kinds()[channel.kind]
