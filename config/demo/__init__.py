"""The demo district: Yuexiu with its offices, people, rules and published passwords."""

CODE = "440104"
PREFIX = "YX"
PASSWORD = "xianfeng-demo"  # noqa: S105 - published on purpose; loaded in demo mode only
