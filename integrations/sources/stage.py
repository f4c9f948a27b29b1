"""What a source's word for the state of its case means for us."""

import re
from enum import StrEnum

from integrations.mapping import look_up, translate
from integrations.reading.text import line


class Stage(StrEnum):
    """What a word asks of us; `OPEN` nothing. These are the values of the mapping table `stage`."""

    OPEN = "open"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    GRANTED = "granted"
    REFUSED = "refused"


RETURN = r"(?:退单|退回|退件)"
# For words that no mapping has. Refusals are looked for first: 不同意 holds 同意.
MEANINGS = (
    (
        Stage.REFUSED,
        re.compile(
            rf"(?:不同意|不予|驳回|拒绝).{{0,4}}{RETURN}"
            rf"|{RETURN}.{{0,6}}(?:驳回|不予|不通过|未通过|不同意|拒绝|失败)"
        ),
    ),
    (
        Stage.GRANTED,
        re.compile(
            rf"(?:同意|批准|准予).{{0,4}}{RETURN}|{RETURN}.{{0,6}}(?:通过|同意|批准|成功)|^已退单$"
        ),
    ),
    (
        Stage.WITHDRAWN,
        re.compile(r"^已?(?:作废|撤单|撤销|撤回|撤件|取消|注销)|^(?:cancell?ed|withdrawn)$", re.I),
    ),
    (
        Stage.ENDED,
        re.compile(r"^已?(?:办结|结案|完结|归档|关闭|处置完|回访|评价)|^(?:closed|done)$", re.I),
    ),
)


def stage_of(source, word):
    """The Stage of a word: the source's mapping has the first say."""
    word = line(word)
    ours = look_up(source, "stage", word)
    if ours in set(Stage):
        return Stage(ours)
    stage = meaning(word)
    if stage == Stage.OPEN:
        translate(source, "stage", word)
    return stage


def meaning(words):
    """The Stage that words say in themselves."""
    return next((stage for stage, said in MEANINGS if said.search(words)), Stage.OPEN)
