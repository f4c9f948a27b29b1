"""Patience for many browsers on a small machine; it is no promise about speed."""

from playwright.sync_api import expect

expect.set_options(timeout=30_000)
