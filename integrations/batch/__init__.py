"""Tables that people upload: looked at, confirmed, then taken in row by row by the clock.

Each row is a message of the source's, with the same door behind it: the ticket's number makes a row
that comes again an update, and the same row again nothing.

    upload = take(source, name, body, by)   a draft; Unreadable with the reason in words
    preview(upload)                         what the columns mean, what the first rows would become
    begin(upload) or discard(upload)        from here the clock goes on
    progress(upload), errors(upload), errors_csv(upload)
"""

from integrations.batch.preview import Column, Preview, Row, preview
from integrations.batch.result import Progress, errors, errors_csv, progress
from integrations.batch.running import advance, tick
from integrations.batch.upload import begin, discard, source_kinds, take

__all__ = [
    "Column",
    "Preview",
    "Progress",
    "Row",
    "advance",
    "begin",
    "discard",
    "errors",
    "errors_csv",
    "preview",
    "progress",
    "source_kinds",
    "take",
    "tick",
]
