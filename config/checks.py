"""System checks that refuse a set-up which would lose events or leak."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.compatibility)
def check_layer(app_configs, **kwargs):
    """Several web processes need a layer that reaches all of them."""
    if settings.WEB_PROCESSES > 1 and not settings.REDIS_URL:
        return [
            Error(
                "XIANFENG_PROCESSES > 1 with the in-memory channel layer: "
                "screens of one process would not hear of changes in another.",
                hint="Set REDIS_URL, or run one web process.",
                id="config.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_demo(app_configs, **kwargs):
    """The demo's passwords are published."""
    if settings.DEMO:
        return [
            Error(
                "XIANFENG_DEMO is on: its accounts have published passwords.",
                hint="Unset XIANFENG_DEMO in production.",
                id="config.E002",
            )
        ]
    return []
