"""Real samples made strange: by the byte, by the value, by the envelope."""

import json
from pathlib import Path

from hypothesis import strategies as st

from integrations import sources

FOLDER = Path(sources.__file__).parent
# Every sample under the code of the demo's source of its kind.
SAMPLES = [
    (path.parent.parent.name, path.name, path.read_bytes())
    for path in sorted(FOLDER.glob("*/samples/*"))
    if path.suffix in (".xml", ".json", ".txt")
]
CONTENT_TYPES = (
    "application/json",
    "application/xml",
    "text/xml; charset=gbk",
    "text/csv",
    "application/octet-stream",
    "text/plain; charset=hex",
    "",
)
TOKENS = (
    b"\x00",
    b"<",
    b"&",
    b"]]>",
    b"&#0;",
    b"&lol;",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"\\ud800",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    "\u202e".encode(),
    "😀".encode(),
    b"NaN",
    b"1e999",
    b"-1",
    b"9" * 5000,
    b"[" * 200,
    b'"' + b"x" * 3000 + b'"',
    b"7E7E",
    b"\r\n",
)
VALUES = (
    None,
    True,
    0,
    -1,
    10**30,
    1e308,
    "",
    " ",
    "null",
    "\x00",
    "\ud800",
    "x" * 5000,
    "2026-13-45 99:99:99",
    "9999-12-31 23:59:59",
    "113.26,23.13",
    [],
    {},
    [[]],
    [None],
    {"a": {"b": []}},
    ["一", 2, {}],
)


@st.composite
def deliveries(draw):
    """(source's code, body, content type)."""
    code, name, body = draw(st.sampled_from(SAMPLES))
    ways = [by_bytes, by_tokens, by_slices, by_encoding]
    if name.endswith(".json"):
        ways += [by_values] * 4
    for way in draw(st.lists(st.sampled_from(ways), max_size=3)):
        body = way(draw, body)
    return code, body, draw(st.sampled_from(CONTENT_TYPES))


def by_bytes(draw, body):
    """Some bytes are others."""
    changed = bytearray(body)
    for _time in range(draw(st.integers(1, 8)) if body else 0):
        changed[draw(st.integers(0, len(body) - 1))] = draw(st.integers(0, 255))
    return bytes(changed)


def by_tokens(draw, body):
    """Something strange is put in."""
    at = draw(st.integers(0, len(body)))
    return body[:at] + draw(st.sampled_from(TOKENS)) + body[at:]


def by_slices(draw, body):
    """A part is missing, twice there, or all there is."""
    start, end = sorted(draw(st.integers(0, len(body))) for _end in range(2))
    part = body[start:end]
    return draw(st.sampled_from([body[:start] + body[end:], body[:end] + part, part]))


def by_encoding(draw, body):
    """The same text in another encoding."""
    text = body.decode("utf-8", "replace")
    return text.encode(
        draw(st.sampled_from(["gb18030", "utf-16", "utf-8-sig", "latin-1"])), "replace"
    )


def by_values(draw, body):
    """A value of the JSON is another one, a key is gone or has another name."""
    try:
        tree = json.loads(body)
    except (ValueError, RecursionError):
        return body
    places = list(_places(tree))
    for holder, key in draw(st.lists(st.sampled_from(places), max_size=3)) if places else ():
        change = draw(st.sampled_from(["value", "drop", "rename", "wrap"]))
        if isinstance(holder, list):
            if key < len(holder):
                holder[key] = draw(st.sampled_from(VALUES))
        elif key not in holder:
            continue
        elif change == "value":
            holder[key] = draw(st.sampled_from(VALUES))
        elif change == "wrap":
            holder[key] = draw(st.sampled_from([[holder[key]], {"value": holder[key]}]))
        else:
            value = holder.pop(key)
            if change == "rename":
                holder[key.swapcase() + "?"] = value
    tree = draw(st.sampled_from([tree, [tree], [tree, tree], {"data": tree}, {"rows": [tree]}]))
    return json.dumps(tree, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


def _places(tree):
    """(holder, key) of every value, also of those that hold others."""
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, dict):
            pairs = holder.items()
        elif isinstance(holder, list):
            pairs = enumerate(holder)
        else:
            continue
        for key, value in pairs:
            yield holder, key
            waiting.append(value)
