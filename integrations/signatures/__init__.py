"""How sources prove who they are: a module here with a `SCHEME` is a scheme, by its name."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from django.utils.translation import gettext as _

from integrations.signatures.scheme import Attempt, Refusal, Scheme

__all__ = ["Attempt", "Refusal", "Scheme", "scheme_of", "schemes"]


@cache
def schemes():
    """{name: Scheme} of all modules that have one."""
    modules = {
        module.name: import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)
    }
    return {name: found.SCHEME for name, found in modules.items() if hasattr(found, "SCHEME")}


def scheme_of(source):
    """The Scheme of a Source. Raises Refusal when its module is gone: then nobody is let in."""
    try:
        return schemes()[source.scheme]
    except KeyError:
        raise Refusal(_("来源的签名方式设置有误。")) from None
