"""Kinds of sources, one folder each: a folder here is a kind, by its name.

A folder's package has `KIND`, a `Kind`. Copy a folder to make another.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from integrations.sources.kind import Kind, Unreadable

__all__ = ["Kind", "Unreadable", "kind_of", "kinds"]


@cache
def kinds():
    """{name: Kind} of all folders."""
    return {
        module.name: import_module(f"{__name__}.{module.name}").KIND
        for module in iter_modules(__path__)
        if module.ispkg
    }


def kind_of(source):
    """The Kind of a Source; raises KeyError when its folder is gone."""
    return kinds()[source.kind]
