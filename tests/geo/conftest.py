import csv
from pathlib import Path

import pytest

from geo import areas, district
from geo.models import Area

DATA = Path(__file__).parent / "data"


def rows(name):
    """The rows of a CSV file of the test data."""
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def yuexiu(db):
    """The example district as the repository ships it."""
    if not Area.objects.within("440104").exists():
        district.load()


@pytest.fixture
def index(yuexiu):
    return areas.current()
