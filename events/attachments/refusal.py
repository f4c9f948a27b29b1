"""Why a file was not taken."""


class Refused(Exception):
    """A file, or a list of files, that is not taken; nothing was kept.

    `reason` tells a person what to do. `status` is 413 (too large), 415 (not a kind of file that is
    taken), 422 (broken, or not theirs to use) or 503 (too busy just now).
    """

    def __init__(self, reason, status=422):
        super().__init__(reason)
        self.reason, self.status = reason, status
