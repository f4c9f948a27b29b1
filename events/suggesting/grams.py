"""A text as the short runs of characters that the model counts."""

import re

# What is between words; a number is a number, whichever.
BREAK = re.compile(r"[^a-z0-9\u4e00-\u9fff]+")
DIGITS = re.compile(r"[0-9]+")
# Nobody says what happened only after so many characters.
LONGEST = 1000


def parts(text):
    """The runs of letters and ideographs of a text, lower case, each number as one 0."""
    return [DIGITS.sub("0", part) for part in BREAK.split(text[:LONGEST].lower()) if part]


def grams(parts, sizes):
    """{gram: how often} of the runs of `sizes` characters in `parts`."""
    found = {}
    for part in parts:
        for size in sizes:
            for start in range(len(part) - size + 1):
                gram = part[start : start + size]
                found[gram] = found.get(gram, 0) + 1
    return found
