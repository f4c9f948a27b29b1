"""Hints: after a commit, tell every process that a log has grown."""


def hint(log_id, top):
    """Say that the log now ends at `top`. Never raises, never waits long: loss is delay."""
