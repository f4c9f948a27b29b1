"""How good the class suggestion is, on what it has not seen."""

import csv
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

from events.suggesting.model import Model
from events.suggesting.training import BRANCH_SIZES, PULL, train

MESSAGES = Path(__file__).resolve().parent / "data" / "citizen_messages.csv"
FOLDS = 5
# What may be chosen, by cross-validation, before a fold is looked at.
CHOICES = [(sizes, pull) for sizes in ((2,), BRANCH_SIZES, (1, 2, 3)) for pull in (100.0, PULL)]


def messages():
    """[(text, the name of its group)] of the citizens' messages."""
    with MESSAGES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [(f"{row['topic']}。{row['text']}", row["category"]) for row in rows]


def majority(rows):
    """The share of the most frequent answer: who always says it is right so often."""
    ((_answer, count),) = Counter(answer for _text, answer in rows).most_common(1)
    return count / len(rows)


def groups(classes):
    """{branch code: its name} of the hotline's tree."""
    return {one.branch: one.above[0] for one in classes if one.code.startswith("hotline.")}


def group_of(model, names, text):
    """(the name of the hotline group that the model takes a text for, how sure among them)."""
    shares = {code: share for code, share in model.groups(text).items() if code in names}
    if not shares:
        return "", 0.0
    best = max(shares, key=shares.get)
    return names[best], shares[best] / sum(shares.values())


def right(model, names, rows):
    """How many of the rows' groups the model names."""
    return sum(group_of(model, names, text)[0] == answer for text, answer in rows)


def cross_validated(classes, rows, seed=1):
    """[share right] by fold: of each fifth, with the settings that did best on the other four."""
    names, rows = groups(classes), list(rows)
    random.Random(seed).shuffle(rows)
    folds = [rows[index::FOLDS] for index in range(FOLDS)]
    models = [Model(train(classes, sizes=sizes, pull=pull)) for sizes, pull in CHOICES]
    hits = [[right(model, names, fold) for fold in folds] for model in models]
    shares = []
    for index, fold in enumerate(folds):
        best = max(hits, key=lambda of_model: sum(of_model) - of_model[index])
        shares.append(best[index] / len(fold))
    return shares


def held_out_words(classes, seed=1):
    """[(place of the right class among three or None, its confidence)] of the street's words.

    Each fifth of them is asked of a model that was made without it.
    """
    words = sorted((one.code, word) for one in classes for word in one.words)
    random.Random(seed).shuffle(words)
    found = []
    for index in range(FOLDS):
        asked = set(words[index::FOLDS])
        without = [
            replace(one, words=tuple(word for word in one.words if (one.code, word) not in asked))
            for one in classes
        ]
        model = Model(train([replace(one, asks=()) for one in without]))
        for code, word in sorted(asked):
            guesses = model.rank(word)
            codes = [guess.code for guess in guesses]
            place = codes.index(code) if code in codes else None
            found.append((place, guesses[0].confidence if guesses else 0.0))
    return found
