"""Times, sizes and states as the operators' pages write them."""

from django import template
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from events import moment

register = template.Library()
# What each state looks like; a state is always a word too.
TONES = {
    "done": "good",
    "sent": "good",
    "quarantined": "bad",
    "dead": "bad",
    "unknown": "warn",
    "received": "info",
    "pending": "info",
    "sending": "info",
    "draft": "warn",
    "queued": "info",
    "running": "info",
}


@register.simple_tag
def when(at, empty="—"):
    """A <time>: how long ago in words, or when; the whole of it as its title."""
    if at is None:
        return empty
    local = localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        f"{local:%Y-%m-%d %H:%M:%S}",
        _near(local),
    )


def _near(local):
    now = localtime(moment.now())
    seconds = (now - local).total_seconds()
    if 0 <= seconds < 60:
        return _("刚刚")
    if 0 <= seconds < 3600:
        return _("%(n)s 分钟前") % {"n": int(seconds // 60)}
    if -3600 < seconds < 0:
        return _("%(n)s 分钟后") % {"n": int(-seconds // 60) + 1}
    if local.date() == now.date():
        return f"{local:%H:%M}"
    if local.year == now.year:
        return f"{local:%m-%d %H:%M}"
    return f"{local:%Y-%m-%d}"


@register.filter
def tone(state):
    """The class of a tag for a state."""
    return TONES.get(state, "quiet")


@register.filter
def size(count):
    """Bytes in words: 812 B, 3.4 KB, 2.1 MB."""
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:.1f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


@register.filter
def get(mapping, key):
    """A value of a dict, or None."""
    return mapping.get(key)
