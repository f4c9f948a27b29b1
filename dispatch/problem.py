"""What can go wrong with a request, in words; the API turns these into problem+json."""


class Problem(Exception):
    """A refusal that a person can act on. Nothing was changed."""

    status = 400
    code = "problem"

    def __init__(self, detail, **extra):
        super().__init__(detail)
        self.detail, self.extra = detail, extra


class Invalid(Problem):
    """Fields that cannot be accepted: {field: what is wrong}."""

    status = 422
    code = "invalid"

    def __init__(self, **errors):
        super().__init__("；".join(str(text) for text in errors.values()))
        self.extra = {"errors": {field: [str(text)] for field, text in errors.items()}}


class Conflict(Problem):
    """The event is not as the request thought; `winner` tells who was first, and when."""

    status = 409
    code = "conflict"


class Unauthenticated(Problem):
    """Nobody we know by that name and password."""

    status = 401
    code = "unauthenticated"


class Forbidden(Problem):
    """This person may not do that here."""

    status = 403
    code = "forbidden"


class NotFound(Problem):
    """There is no such thing for this person."""

    status = 404
    code = "not-found"
