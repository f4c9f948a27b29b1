"""How alike two texts are, by the pairs of characters that they share."""

import math

from events.suggesting.grams import grams, parts

PAIRS = (2,)


def of_text(text):
    """What `likeness` compares: {pair of characters: weight}, of length 1."""
    # A word that is said ten times is not ten times as telling.
    found = {pair: math.sqrt(count) for pair, count in grams(parts(text), PAIRS).items()}
    norm = math.sqrt(sum(weight * weight for weight in found.values()))
    return {pair: weight / norm for pair, weight in found.items()} if norm else {}


def likeness(one, other):
    """The cosine of two such texts: 0 nothing in common … 1 the same words."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other.get(pair, 0.0) for pair, weight in one.items())
