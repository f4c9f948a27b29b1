"""Reading settings from the environment, failing loudly."""

import base64
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name, default=None):
    """The variable's text; raises ImproperlyConfigured when it is missing and has no default."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"set the environment variable {name}")
    return value


def flag(name, default=False):
    """A yes/no variable."""
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")
    return value in TRUE


def integer(name, default):
    """A whole number."""
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}") from None


def words(name, default=""):
    """A comma-separated list."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def choice(name, default, choices):
    """One word of several."""
    value = os.environ.get(name, default).strip().lower()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def address(name, default):
    """An http or https address without a slash at its end, or none."""
    value = os.environ.get(name, default).strip().rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ImproperlyConfigured(f"{name} must be an address like https://host, not {value!r}")
    return value


def base64url(name, size):
    """A key of `size` bytes in base64url, as text, or none. The error does not show it."""
    value = os.environ.get(name, "").strip().rstrip("=")
    try:
        raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except ValueError:
        raw = b"?"
    if value and len(raw) != size:
        raise ImproperlyConfigured(f"{name} must be {size} bytes in base64url")
    return value


def warnings(name, default, kinds):
    """{kind: (percent, hours)} from `20%/4h, work_day:25%/8h`: one for all, others for kinds."""
    found = dict.fromkeys(kinds, (20.0, 4.0))
    # The one for all first, wherever it stands.
    for word in sorted(words(name, default), key=lambda word: ":" in word):
        kind, _sep, text = word.rpartition(":")
        percent, _sep, hours = text.partition("%/")
        try:
            pair = float(percent), float(hours.removesuffix("h"))
        except ValueError:
            pair = (-1, -1)
        if (kind and kind not in kinds) or not (0 <= pair[0] <= 100 and 0 <= pair[1] < 100_000):
            raise ImproperlyConfigured(f"{name} must be like 20%/4h, work_day:25%/8h, not {word!r}")
        found |= {kind: pair} if kind else dict.fromkeys(kinds, pair)
    return found


def database(url, data_dir: Path):
    """Django's DATABASES["default"] from `sqlite:///path` or `postgres://user:pw@host:port/name`.

    A host that begins with `/` may be given as `?host=/path/of/socket`.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        name = unquote(
            parts.path.lstrip("/") if not parts.path.startswith("//") else parts.path[1:]
        )
        path = Path(name or "xianfeng.sqlite3")
        return {
            "ENGINE": "config.sqlite",
            "NAME": path if path.is_absolute() else data_dir / path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", None) or parts.hostname or "",
            "PORT": str(options.pop("port", None) or parts.port or ""),
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "pool": {
                    "min_size": 1,
                    "max_size": integer("DATABASE_POOL", 16),
                    "timeout": 20,
                    # The pool doubles the pause between its attempts and begins anew after this:
                    # else it would stay away for as long again as the database was.
                    "reconnect_timeout": 5,
                },
                **options,
            },
        }
    raise ImproperlyConfigured(f"DATABASE_URL: unknown scheme {parts.scheme!r}")
