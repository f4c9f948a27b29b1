"""An event's number in an address."""


class EventNumber:
    """`<event_number:number>`: anything that could be a number; the rest is no page of ours."""

    regex = "[0-9A-Za-z-]{1,40}"

    def to_python(self, value):
        """The number as written."""
        return value

    def to_url(self, value):
        """The number as written."""
        return value
