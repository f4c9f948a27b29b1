"""Kinds that are folders: a package in a package is a kind, by its name."""

from importlib import import_module
from pkgutil import iter_modules


def kinds_in(package, path):
    """{name: KIND} of the packages in `package`, whose `__path__` is `path`."""
    return {
        module.name: import_module(f"{package}.{module.name}").KIND
        for module in iter_modules(path)
        if module.ispkg
    }
