"""The house shows the mission: floors in order, no drawers, no room with two jobs."""

import subprocess
import sys

import pytest

from tests.house.tree import ROOT, lines_of, ours

FLOORS = {"config", "integrations", "dispatch", "events", "geo"}
DRAWERS = {"common", "helper", "helpers", "misc", "service", "services", "util", "utils"}
LONGEST = 400


def run(*command):
    """What a tool printed, and its exit status."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_imports_point_one_way():
    status, said = run(
        sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"
    )
    assert status == 0, said


@pytest.mark.parametrize("check", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_has_no_complaint(check):
    status, said = run(sys.executable, "-m", "ruff", *check, "--quiet", ".")
    assert status == 0, said


def test_top_level_packages_are_the_floors():
    floors = {path.parts[0] for path in ours(".py") if len(path.parts) > 1}
    assert floors - {"tests"} == FLOORS


def test_no_module_is_a_drawer():
    drawers = [path for path in ours(".py", ".js", ".css") if path.stem in DRAWERS]
    folders = [path for path in ours() if DRAWERS & set(path.parts[:-1])]
    assert drawers + folders == []


def test_no_room_is_too_large():
    files = ours(".py", ".js", ".css", ".html")
    large = {str(path): lines_of(path) for path in files if lines_of(path) > LONGEST}
    assert large == {}


def test_packages_say_what_lives_there():
    mute = [
        str(path)
        for path in ours(".py")
        if path.name == "__init__.py"
        and path.parts[0] != "tests"
        and path.parts[-2] not in {"commands", "management", "migrations"}
        and not (ROOT / path).read_text().startswith('"""')
    ]
    assert mute == []
