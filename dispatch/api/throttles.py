"""Rate limits per person (or address), by door; the rates are settings."""

from rest_framework.throttling import AnonRateThrottle, UserRateThrottle


class ReportRate(UserRateThrottle):
    """Reports."""

    scope = "report"


class ActionRate(UserRateThrottle):
    """Actions on events."""

    scope = "action"


class UploadRate(UserRateThrottle):
    """Attachments."""

    scope = "upload"


class TokenRate(AnonRateThrottle):
    """Sign-ins by token."""

    scope = "token"
