"""The answers to a service's questions, checked against their datatypes."""

import math
import re
from datetime import datetime

from django.utils.translation import gettext as _

from events.report import clean
from integrations.models.open311 import Datatype

FIELD = re.compile(r"attribute\[([^\[\]]{1,100})\](?:\[\])?")
MAX_LENGTH = {Datatype.STRING: 500, Datatype.TEXT: 4000, Datatype.NUMBER: 40, Datatype.DATETIME: 40}


def given(post):
    """{attribute code: [value]} of a form's `attribute[code]` and `attribute[code][]` fields.

    Empty values are as good as none.
    """
    found = {}
    for name, values in post.lists():
        if match := FIELD.fullmatch(name):
            texts = [text for text in map(clean, values) if text]
            found.setdefault(match[1], []).extend(texts)
    return {code: texts for code, texts in found.items() if texts}


def check(attributes, answers):
    """What is wrong with `answers` {code: [value]} to ServiceAttributes: a list of sentences."""
    known = {attribute.code: attribute for attribute in attributes}
    wrong = [
        _("attribute[%(code)s]：这项服务没有这个问题。") % {"code": code[:60]}
        for code in answers
        if code not in known
    ]
    for code, attribute in known.items():
        texts = answers.get(code, [])
        if not attribute.variable:
            continue
        if texts:
            problem = _problem(attribute, texts)
        else:
            problem = _("必填。") if attribute.required else ""
        if problem:
            wrong.append(f"attribute[{code}]（{attribute.description}）：{problem}")
    return wrong


def as_lines(attributes, answers):
    """The answers as officers read them: "question：answer", a line each."""
    lines = []
    for attribute in attributes:
        names = {option["key"]: option["name"] for option in attribute.values}
        texts = [names.get(text, text) for text in answers.get(attribute.code, ())]
        if texts and attribute.variable:
            lines.append(f"{attribute.description}：{'、'.join(texts)}")
    return lines


def _problem(attribute, texts):
    if attribute.datatype == Datatype.MULTI:
        return _unlisted(attribute, texts) or (
            _("选项重复。") if len(set(texts)) < len(texts) else ""
        )
    if len(texts) > 1:
        return _("只能有一个值。")
    if attribute.datatype == Datatype.SINGLE:
        return _unlisted(attribute, texts)
    (text,) = texts
    most = MAX_LENGTH[attribute.datatype]
    if len(text) > most:
        return _("最长 %(most)d 个字符。") % {"most": most}
    return {
        Datatype.STRING: _no_line,
        Datatype.NUMBER: _no_number,
        Datatype.DATETIME: _no_moment,
        Datatype.TEXT: lambda text: "",
    }[attribute.datatype](text)


def _unlisted(attribute, texts):
    keys = [option["key"] for option in attribute.values]
    if set(texts) <= set(keys):
        return ""
    return _("不在选项中，可选 %(keys)s。") % {"keys": "、".join(keys)}


def _no_line(text):
    return _("不能换行。") if "\n" in text else ""


def _no_number(text):
    try:
        if math.isfinite(float(text)) and "_" not in text:
            return ""
    except ValueError:
        pass
    return _("应为数字。")


def _no_moment(text):
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return _("应为 ISO 8601 时间，例如 2026-11-21T08:30:00+08:00。")
    return ""
