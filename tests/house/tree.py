"""The project's own files, as git knows them."""

import subprocess
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


@cache
def tracked():
    """Paths, relative to the root, of every file in the repository or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [Path(name) for name in listed.split("\0") if name]
    return [path for path in paths if (ROOT / path).is_file()]


def ours(*suffixes):
    """Files that we wrote: not vendored, not generated; all suffixes when none is named."""
    return [
        path
        for path in tracked()
        if path.parts[:2] != ("static", "vendor")
        and "migrations" not in path.parts
        and (not suffixes or path.suffix in suffixes)
    ]


def lines_of(path):
    """How many lines a file has."""
    return len((ROOT / path).read_text().splitlines())
