"""Suggesting a class: how often it is right on what it has not seen, and what it costs."""

import statistics
import time

from django.conf import settings
from django.test.utils import setup_databases, teardown_databases

from tests.bench import measure


def run(quick):
    """The tables of the class suggestion in Markdown."""
    import django

    django.setup()
    settings.DATABASES["default"].setdefault("TEST", {})
    # Reading the class tables asks the database which codes are known: none.
    old = setup_databases(verbosity=0, interactive=False)
    try:
        return table(1 if quick else 5)
    finally:
        teardown_databases(old, verbosity=0)


def table(rounds):
    """Accuracy by question beside its floor, then calibration and cost."""
    from events.suggesting.model import model
    from events.suggesting.tables import classes
    from tests.suggestion import measuring

    found, rows = classes(), measuring.messages()
    names = measuring.groups(found)
    folds = [
        share for seed in range(rounds) for share in measuring.cross_validated(found, rows, seed)
    ]
    held = measuring.held_out_words(found)
    first = sum(place == 0 for place, _sure in held) / len(held)
    three = sum(place is not None for place, _sure in held) / len(held)
    asked = sum(any(guess.asked for guess in model().rank(text)) for text, _group in rows)
    accuracy = measure.table(
        ["question", "asked of", "right", "floor"],
        [
            [
                f"group of the hotline's tree ({len(names)})",
                f"{len(rows)} messages of citizens, none learnt from",
                f"{measuring.right(model(), names, rows) / len(rows):.1%}",
                f"{measuring.majority(rows):.1%} (always the most frequent)",
            ],
            [
                f"the same, {rounds} × 5-fold cross-validated settings",
                "each fifth, settings chosen on the others",
                f"{statistics.mean(folds):.1%} ± {statistics.pstdev(folds):.1%} by fold",
                f"{measuring.majority(rows):.1%}",
            ],
            [
                f"class ({len(found)}), first",
                f"{len(held)} words of the street, each from a model made without it",
                f"{first:.1%}",
                f"{1 / len(found):.1%} (any)",
            ],
            ["class, among three", "the same", f"{three:.1%}", f"{3 / len(found):.1%}"],
            [
                "emergency asked about",
                f"{len(rows)} messages, nearly all of everyday matters",
                f"{asked} of {len(rows)}",
                "",
            ],
        ],
    )
    return f"{accuracy}\n\n{calibration(held, rows, names)}\n\n{cost(rows)}"


def calibration(held, rows, names):
    """How often it is right when it says how sure it is."""
    from events.suggesting.model import model
    from tests.suggestion import measuring

    said = [measuring.group_of(model(), names, text) for text, _group in rows]
    groups = [
        (sure, name == answer) for (name, sure), (_text, answer) in zip(said, rows, strict=True)
    ]
    words = [(sure, place == 0) for place, sure in held]
    lines = []
    for low, high in ((0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.01)):
        line = [f"{low:.2f}–{min(high, 1):.2f}"]
        for pairs in (groups, words):
            hits = [hit for sure, hit in pairs if low <= sure < high]
            line.append(f"{sum(hits) / len(hits):.0%} of {len(hits)}" if hits else "none")
        lines.append(line)
    return measure.table(["says", "right: groups of messages", "right: words not seen"], lines)


def cost(rows):
    """CPU of one question, of a short text and of a long one; and of reading the weights."""
    import json

    from events.suggesting.model import WEIGHTS, Model

    started = time.process_time()
    model = Model(json.loads(WEIGHTS.read_text()))
    read = time.process_time() - started
    lines = [["reading the weights, once a process", f"{read * 1000:.0f} ms"]]
    for what, texts in (
        ("a short text", ["北园酒家门口井盖缺失"] * 200),
        ("a citizen's message", [text for text, _group in rows]),
    ):
        started = time.process_time()
        for text in texts:
            model.rank(text)
        each = (time.process_time() - started) / len(texts)
        lines.append([what, f"{each * 1e6:.0f} µs"])
    return measure.table(["cost", "CPU"], lines)
