"""Asking the model: which classes a text may mean, how surely, and because of which words."""

import json
import math
from dataclasses import dataclass
from functools import cache

from events.suggesting.grams import grams, parts
from events.suggesting.tables import DATA

WEIGHTS = DATA / "suggestion.json"
REASONS = 3


@dataclass(frozen=True)
class Guess:
    """A class that a text may mean. `confidence` 0…1, also of its whole group; `because` words.

    `asked`: a word of the text is one after which one always asks for this urgent class.
    """

    code: str
    confidence: float
    branch: str
    branch_confidence: float
    because: tuple
    asked: bool


class Side:
    """One of the two models: scores by column."""

    def __init__(self, weights):
        self.sizes, self.sharpness = weights["sizes"], weights["sharpness"]
        self.nothing = weights["nothing"]
        self.rarest, self.runs = weights["rarest"], weights["runs"]

    def read(self, pieces):
        """{run: (its weight in the text, its row)}; the unknown ones only make the rest lighter."""
        known, square = {}, 0.0
        for run, count in grams(pieces, self.sizes).items():
            row = self.runs.get(run)
            mass = (1 + math.log(count)) * (row[0] if row else self.rarest)
            square += mass * mass
            if row:
                known[run] = (mass, row)
        norm = math.sqrt(square) or 1.0
        return {run: (mass / norm, row) for run, (mass, row) in known.items()}

    def scores(self, known):
        """The score of every column."""
        whole = sum(mass for mass, _row in known.values())
        found = [whole * weight for weight in self.nothing]
        for mass, row in known.values():
            for at in range(1, len(row), 2):
                found[row[at]] += mass * (row[at + 1] - self.nothing[row[at]])
        return found

    def parts_of(self, column, known):
        """{run: what it adds to the score of a column above an unknown one}."""
        found = {}
        for run, (mass, row) in known.items():
            for at in range(1, len(row), 2):
                if row[at] == column:
                    found[run] = mass * (row[at + 1] - self.nothing[column])
        return found


class Model:
    """The weights, ready to be asked."""

    def __init__(self, weights):
        self.branches, self.classes = weights["branches"], weights["classes"]
        self.members = {}
        for at, (_code, branch) in enumerate(self.classes):
            self.members.setdefault(branch, []).append(at)
        self.asks = weights["asks"]
        self.branch_side = Side(weights["branch_side"])
        self.class_side = Side(weights["class_side"])

    def rank(self, text, count=3):
        """The `count` likeliest classes as Guesses, the likeliest first; [] for a text in which
        nothing is known.

        An urgent class whose own words are in the text is among them, however unlikely it seems.
        """
        pieces = parts(text)
        groups, leaves = self.branch_side.read(pieces), self.class_side.read(pieces)
        if not groups and not leaves:
            return []
        by_branch = shares(self.branch_side.scores(groups), self.branch_side.sharpness)
        by_class = self._within(self.class_side.scores(leaves))
        found = [
            by_branch[branch] * share
            for (_code, branch), share in zip(self.classes, by_class, strict=True)
        ]
        order = sorted(range(len(found)), key=lambda at: -found[at])
        asked = self._asked(text)
        urgent = [at for at in order if at in asked][:count]
        likely = [at for at in order[: 2 * count] if at not in asked][: count - len(urgent)]
        guesses = [
            self._guess(at, found[at], by_branch, groups, leaves, pieces, asked.get(at))
            for at in (*urgent, *likely)
        ]
        return sorted(guesses, key=lambda guess: -guess.confidence)

    def groups(self, text):
        """{code of a group of classes: its share}; {} for a text in which nothing is known."""
        known = self.branch_side.read(parts(text))
        if not known:
            return {}
        found = shares(self.branch_side.scores(known), self.branch_side.sharpness)
        return dict(zip(self.branches, found, strict=True))

    def _asked(self, text):
        """{index of an urgent class: the word in the text that makes one ask}."""
        found = {}
        for word, at in self.asks.items():
            if word in text:
                found.setdefault(at, word)
        return found

    def _within(self, scores):
        """The share of each class in its branch."""
        found = [0.0] * len(scores)
        for ats in self.members.values():
            of_branch = shares([scores[at] for at in ats], self.class_side.sharpness)
            for at, share in zip(ats, of_branch, strict=True):
                found[at] = share
        return found

    def _guess(self, at, share, by_branch, groups, leaves, pieces, asked):
        code, branch = self.classes[at]
        added = self.branch_side.parts_of(branch, groups)
        for run, weight in self.class_side.parts_of(at, leaves).items():
            added[run] = added.get(run, 0.0) + weight
        because = words(pieces, added)
        if asked:
            others = (word for word in because if word not in asked and asked not in word)
            because = [asked, *others][:REASONS]
        return Guess(
            code,
            share,
            self.branches[branch],
            by_branch[branch],
            tuple(because),
            asked is not None,
        )


def shares(scores, sharpness):
    """Scores as shares of 1."""
    top = max(scores)
    found = [math.exp(sharpness * (score - top)) for score in scores]
    whole = sum(found)
    return [share / whole for share in found]


def words(pieces, added):
    """The stretches of the text that spoke for a class, the weightiest first."""
    found = {}
    for piece in pieces:
        weights = [0.0] * len(piece)
        for run, weight in added.items():
            at = piece.find(run)
            while at >= 0:
                for index in range(at, at + len(run)):
                    weights[index] += weight / len(run)
                at = piece.find(run, at + 1)
        for stretch, weight in _stretches(piece, weights):
            found[stretch] = max(weight, found.get(stretch, 0.0))
    return sorted(found, key=lambda stretch: -found[stretch])[:REASONS]


def _stretches(piece, weights):
    """(words, weight) where one heavy character follows another; single ones say nothing."""
    bar = max(weights, default=0.0) * 0.25
    start = None
    for index in range(len(piece) + 1):
        heavy = index < len(piece) and weights[index] > bar
        if heavy and start is None:
            start = index
        elif not heavy and start is not None:
            if index - start > 1:
                yield piece[start:index], sum(weights[start:index])
            start = None


@cache
def model():
    """The model of events/data/suggestion.json (manage.py train_suggestions makes it)."""
    return Model(json.loads(WEIGHTS.read_text()))
