"""XML whose sender joined strings without escaping: `<` and `&` in the text are put right."""

import re
from collections import Counter

# A name as tags have it, in any script; then attributes with their quotes closed.
NAME = r"[^\W\d][\w.:-]*"
TAG = re.compile(
    rf"<(?P<shut>/)?(?P<name>{NAME})"
    rf"(?P<attributes>(?:\s+{NAME}\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(?P<empty>/)?>"
)
BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
# What XML 1.0 has no place for.
UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MAX_SIGNS = 200_000
SECTIONS = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"))


def mend(text):
    """`text` with every `<` and `&` escaped that is no markup, and without unfit characters.

    A tag counts as markup only when its partner is there too: in `水深<b区>15` the `<b区>` is text.
    What has more of them than any message is left as it is.
    """
    if text.count("<") > MAX_SIGNS:
        return text
    text = UNFIT.sub("", text)
    marks = list(_marks(text))
    tags = [tag for _start, _end, tag in marks if tag]
    opened = Counter(tag["name"] for tag in tags if not tag["shut"] and not tag["empty"])
    shut = Counter(tag["name"] for tag in tags if tag["shut"])
    pieces, told = [], 0
    for start, end, tag in marks:
        if tag and not tag["empty"] and not (opened[tag["name"]] and shut[tag["name"]]):
            continue
        pieces += [_escaped(text[told:start]), _tag(tag) if tag else text[start:end]]
        told = end
    return "".join([*pieces, _escaped(text[told:])])


def _marks(text):
    """(start, end, match of the tag or None) of tags, comments, CDATA and instructions.

    One pass: what is never closed is looked for once.
    """
    at, unclosed = text.find("<"), set()
    while at >= 0:
        end = at + 1
        section = next((pair for pair in SECTIONS if text.startswith(pair[0], at)), None)
        if section is None:
            if tag := TAG.match(text, at):
                end = tag.end()
                yield at, end, tag
        elif section not in unclosed:
            close = text.find(section[1], at)
            if close < 0:
                unclosed.add(section)
            else:
                end = close + len(section[1])
                yield at, end, None
        at = text.find("<", end)


def _tag(match):
    """A tag with the values of its attributes escaped."""
    start, end = match.span("attributes")
    inner = BARE.sub("&amp;", match["attributes"]).replace("<", "&lt;")
    return match.string[match.start() : start] + inner + match.string[end : match.end()]


def _escaped(text):
    return BARE.sub("&amp;", text).replace("<", "&lt;")
