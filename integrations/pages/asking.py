"""What a page was asked for: short texts that any database takes."""

LONGEST = 500


def asked(request, name, default=""):
    """A parameter of the address, without what PostgreSQL refuses in a text, cut to LONGEST."""
    return _plain(request.GET.get(name, default))


def typed(request, name):
    """A short field of a form, in the same way; lines and runs of blanks become one blank."""
    return " ".join(_plain(request.POST.get(name, "")).split())


def _plain(text):
    return text.replace("\x00", "")[:LONGEST]
