"""Refusals in GeoReport's own form: [{code, description}]."""


class Fault(Exception):
    """A request that is refused; `said` are the descriptions, one for each thing that is wrong.

    `status` is HTTP's: 404 for what is not there, 403 for the api_key, 400 for everything else that
    is wrong with a request. `code` in the body is the more specific one, the status unless given.
    """

    def __init__(self, *said, status=400, code=None, headers=None):
        super().__init__("；".join(map(str, said)))
        self.said, self.status, self.code, self.headers = said, status, code or status, headers

    @property
    def content(self):
        """The body, before it has a format."""
        return [{"code": self.code, "description": str(text)} for text in self.said]
