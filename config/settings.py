"""Settings: the same code everywhere, differences by environment (docs/settings.md)."""

import hashlib
import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("XIANFENG_DATA") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

# Demo mode: the example district and its published passwords. Never in production.
DEMO = env.flag("XIANFENG_DEMO")
DEBUG = env.flag("XIANFENG_DEBUG")
# HTTPS in front: secure cookies, HSTS, redirects.
HTTPS = env.flag("XIANFENG_HTTPS", default=not (DEMO or DEBUG))


def secret_key():
    """The environment's key; in demo mode a random one kept beside the data."""
    if key := os.environ.get("XIANFENG_SECRET_KEY"):
        return key
    if not (DEMO or DEBUG):
        raise ImproperlyConfigured("set the environment variable XIANFENG_SECRET_KEY")
    path = DATA_DIR / "secret-key"
    if not path.exists():
        path.write_text(hashlib.sha512(os.urandom(64)).hexdigest())
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = env.words("XIANFENG_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("XIANFENG_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("XIANFENG_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "config.static.StaticFiles",
    "channels",
    "rest_framework",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "axes",
    "simple_history",
    "geo",
    "events",
    "dispatch",
    "integrations",
    "config",
]

MIDDLEWARE = [
    "config.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    # Says whose request changes a setting.
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {
    "default": env.database(
        os.environ.get("DATABASE_URL") or "sqlite:///xianfeng.sqlite3", DATA_DIR
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "")
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": env.text("REDIS_PREFIX", "xianfeng")},
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
# How many web processes share the load; more than one needs REDIS_URL (system check config.E001).
WEB_PROCESSES = env.integer("XIANFENG_PROCESSES", 1)

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = env.integer("XIANFENG_LOGIN_FAILURES", 8)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "dispatch.pages.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "config.middleware.client_ip"
TRUSTED_PROXIES = env.integer("XIANFENG_TRUSTED_PROXIES", 0)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(os.environ.get("XIANFENG_STATIC") or DATA_DIR / "static")
MEDIA_ROOT = Path(os.environ.get("XIANFENG_MEDIA") or DATA_DIR / "media")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "config.static.HashedStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # a JSON body; files have their own limits
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "dispatch.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["dispatch.api.parsing.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "dispatch.api.problems.handle",
    "DEFAULT_THROTTLE_RATES": {
        "report": env.text("XIANFENG_RATE_REPORT", "600/min"),
        "action": env.text("XIANFENG_RATE_ACTION", "3000/min"),
        "upload": env.text("XIANFENG_RATE_UPLOAD", "300/min"),
        "token": env.text("XIANFENG_RATE_TOKEN", "300/min"),
        "public": env.text("XIANFENG_RATE_PUBLIC", "60/min"),
    },
    "NUM_PROXIES": TRUSTED_PROXIES,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "先锋 Xianfeng",
    "DESCRIPTION": "Event dispatch and collaboration for a city district.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "ENUM_NAME_OVERRIDES": {
        "Role": "dispatch.models.Role",
        "AssignmentRole": "dispatch.models.AssignmentRole",
        "AttachmentRole": "events.models.AttachmentRole",
        "State": "events.models.State",
        "AssignmentState": "dispatch.models.AssignmentState",
        "DeadlineState": [(name, name) for name in ("live", "paused", "met", "missed")],
        "Priority": "events.models.Priority",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
# What rate limits count in: together, and for each process alone while Redis is away.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "local"},
}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "socket_connect_timeout": 1,
            "socket_timeout": 1,
            "retry": Retry(NoBackoff(), 1),
        },
    }

# Attachments: bytes per file, and what may come in.
ATTACHMENT_MAX_BYTES = env.integer("XIANFENG_ATTACHMENT_MAX_BYTES", 25 * 1024 * 1024)
# When a deadline is 临期: percent and hours of its limit that are left, whichever is less.
LIMIT_TYPES = ("urgent_minute", "urgent_hour", "urgent_day", "work_hour", "work_day")
WARNINGS = env.warnings("XIANFENG_WARNINGS", "20%/4h", LIMIT_TYPES)
# Requests that may be granted per event, and the longest hold.
EXTENSIONS_MAX = env.integer("XIANFENG_EXTENSIONS_MAX", 2)
HOLDS_MAX = env.integer("XIANFENG_HOLDS_MAX", 1)
HOLD_MAX_DAYS = env.integer("XIANFENG_HOLD_MAX_DAYS", 365)
TOKEN_DAYS = env.integer("XIANFENG_TOKEN_DAYS", 30)
METRICS_TOKEN = env.text("XIANFENG_METRICS_TOKEN", "")
# Live tail: entries a socket may be behind before it must reload its snapshot.
TAIL_CATCH_UP = env.integer("XIANFENG_TAIL_CATCH_UP", 5000)
TAIL_POLL_SECONDS = 1.0
TAIL_HEARTBEAT_SECONDS = 20

# An online geocoder of geopy's that refines addresses after acceptance: see docs/settings.md.
XIANFENG_GEOCODER = os.environ.get("XIANFENG_GEOCODER", "")
XIANFENG_GEOCODERS = {}

# Hosts, host:port, addresses and networks inside that requests to other systems may go to.
XIANFENG_OUTBOUND_ALLOW = env.words("XIANFENG_OUTBOUND_ALLOW")
# The port to which hydrological stations connect; 0 is none.
SL651_PORT = env.integer("XIANFENG_SL651_PORT", 0)
SL651_HOST = env.text("XIANFENG_SL651_HOST", "127.0.0.1")
SL651_SOURCE = env.text("XIANFENG_SL651_SOURCE", "flood")

# Where people reach the site: links in notices begin with it.
XIANFENG_URL = env.address("XIANFENG_URL", next(iter(CSRF_TRUSTED_ORIGINS), ""))
# How long messages that arrived are kept.
OUTBOX_DAYS = env.integer("XIANFENG_OUTBOX_DAYS", 180)
# The mail server of the e-mail channel; without one nothing is mailed.
EMAIL_HOST = env.text("XIANFENG_MAIL_HOST", "")
EMAIL_PORT = env.integer("XIANFENG_MAIL_PORT", 587)
EMAIL_HOST_USER = env.text("XIANFENG_MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("XIANFENG_MAIL_PASSWORD", "")
MAIL_TLS = env.choice("XIANFENG_MAIL_TLS", "starttls", ("starttls", "tls", "none"))
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_TLS == "starttls", MAIL_TLS == "tls"
EMAIL_TIMEOUT = 8
DEFAULT_FROM_EMAIL = env.text("XIANFENG_MAIL_FROM", "xianfeng@localhost")
# Web Push: the key that names this server to push services, and whom they may write to.
VAPID_PRIVATE_KEY = env.base64url("XIANFENG_VAPID_PRIVATE_KEY", 32)
VAPID_SUBJECT = env.text("XIANFENG_VAPID_SUBJECT", XIANFENG_URL or f"mailto:{DEFAULT_FROM_EMAIL}")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "config.logs.RequestId"}},
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request"]}
    },
    "root": {"handlers": ["console"], "level": env.text("XIANFENG_LOG_LEVEL", "WARNING")},
    "loggers": {"xianfeng": {"level": env.text("XIANFENG_LOG_LEVEL", "INFO")}},
}
