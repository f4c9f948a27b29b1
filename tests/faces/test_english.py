"""Whoever reads English gets English: every sentence of the live faces is in the table."""

import re
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "static/js"
FACES = [path for face in ("room", "desk", "wall") for path in sorted((FOLDER / face).glob("*.js"))]
TABLE = FOLDER / "room/english.js"
CHINESE = "[\u4e00-\u9fff]"
# Chinese that is data, not words of the page.
DATA = {"日星期", "日 星期"}


def sentences(text):
    """Chinese texts in quotes, comments left out."""
    code = "\n".join(line for line in text.splitlines() if not re.match(r"\s*(//|/?\*)", line))
    return {found for found in re.findall(r'"([^"\n]*)"', code) if re.search(CHINESE, found)}


def test_every_sentence_has_its_english():
    table = set(re.findall(r'^  "([^"]+)":', TABLE.read_text(), re.MULTILINE))
    said = {one for path in FACES if path != TABLE for one in sentences(path.read_text())}
    assert said - DATA - table == set()
    assert table - said == set()
