"""Making the model: counts of the tables, as weights.

Two naive Bayes models over TF-IDF weights of character runs, in the manner of Rennie et al. (2003):
one between the groups of classes (branches), one between the classes of a group, whose counts lean
on those of their group (shrinkage). What was never seen with a class weighs the same for all runs:
only the others are written down.
"""

import math

from events.suggesting.grams import grams, parts

BRANCH_SIZES, CLASS_SIZES = (2, 3), (1, 2)
# How much the name of a class and the names above it count, beside one of the street's words.
NAME, ABOVE = 2.0, 0.3
# The pull towards all classes, and of a class towards its group, in texts.
PULL, LEAN = 400.0, 2.0
# How sure a difference in scores makes it: about as often right as it says, for words that it has
# not seen and for long messages alike (docs/benchmarks.md).
BRANCH_SHARPNESS, CLASS_SHARPNESS = 4.0, 1.0
DIGITS = 2


def train(classes, *, sizes=BRANCH_SIZES, pull=PULL):
    """The weights as JSON: {branches: [code], classes: [[code, branch]], branch_side, class_side,
    asks: {word: index of the class}}.

    A side is {sizes, sharpness, rarest: idf of an unknown run, nothing: [what a run weighs for a
    column with which it was not seen], runs: {run: [idf, column, weight, column, weight…]}}.
    """
    branches = sorted({one.branch for one in classes})
    column = {code: index for index, code in enumerate(branches)}
    own = [column[one.branch] for one in classes]
    texts = [list(_texts(one)) for one in classes]
    branch_counts, branch_idf = _count(texts, own, len(branches), sizes)
    class_counts, class_idf = _count(texts, range(len(classes)), len(classes), CLASS_SIZES)
    return {
        "branches": branches,
        "classes": [[one.code, own[index]] for index, one in enumerate(classes)],
        "asks": {word: index for index, one in enumerate(classes) for word in one.asks},
        "branch_side": {
            "sizes": sizes,
            "sharpness": BRANCH_SHARPNESS,
            **_side(branch_idf, *_between_branches(branch_counts, pull)),
        },
        "class_side": {
            "sizes": CLASS_SIZES,
            "sharpness": CLASS_SHARPNESS,
            **_side(class_idf, *_between_classes(class_counts, own, pull)),
        },
    }


def _texts(one):
    """(text, weight) of everything that speaks for a class."""
    yield one.name, NAME
    for name in one.above:
        yield name, ABOVE
    for words in one.words:
        yield words, 1.0


def _count(texts, columns, width, sizes):
    """([{run: TF-IDF mass} by column], {run: idf})."""
    seen = [
        (column, grams(parts(text), sizes), weight)
        for column, of_class in zip(columns, texts, strict=True)
        for text, weight in of_class
    ]
    found = {}
    for _column, runs, _weight in seen:
        for run in runs:
            found[run] = found.get(run, 0) + 1
    idf = {run: math.log(len(seen) / count) for run, count in found.items()}
    counts = [{} for _column in range(width)]
    for column, runs, weight in seen:
        masses = {run: (1 + math.log(count)) * idf[run] for run, count in runs.items()}
        norm = math.sqrt(sum(mass * mass for mass in masses.values())) or 1.0
        for run, mass in masses.items():
            counts[column][run] = counts[column].get(run, 0.0) + weight * mass / norm
    return counts, idf


def _shares(counts):
    """{run: its share of all the mass}."""
    total = {}
    for column in counts:
        for run, mass in column.items():
            total[run] = total.get(run, 0.0) + mass
    whole = sum(total.values())
    return {run: mass / whole for run, mass in total.items()}


def _between_branches(counts, pull):
    """(weight of an unknown run, {run: weight}) by branch: how much more often than anywhere."""
    everywhere = _shares(counts)
    nothing, weights = [], []
    for column in counts:
        whole = sum(column.values())
        nothing.append(math.log(pull / (whole + pull)))
        weights.append(
            {
                run: math.log((mass / everywhere[run] + pull) / (whole + pull))
                for run, mass in column.items()
            }
        )
    return nothing, weights


def _between_classes(counts, own, pull):
    """The same by class: how much more often than in its branch."""
    everywhere = _shares(counts)
    branches = [{} for _branch in range(max(own) + 1)]
    for branch, column in zip(own, counts, strict=True):
        for run, mass in column.items():
            branches[branch][run] = branches[branch].get(run, 0.0) + mass
    wholes = [sum(branch.values()) for branch in branches]
    nothing, weights = [], []
    for branch, column in zip(own, counts, strict=True):
        whole = sum(column.values())
        nothing.append(math.log(LEAN / (whole + LEAN)))
        found = {}
        for run, mass in column.items():
            share = (branches[branch][run] + pull * everywhere[run]) / (wholes[branch] + pull)
            found[run] = math.log((mass / share + LEAN) / (whole + LEAN))
        weights.append(found)
    return nothing, weights


def _side(idf, nothing, weights):
    runs = {run: [round(rarity, DIGITS)] for run, rarity in sorted(idf.items()) if rarity}
    for column, found in enumerate(weights):
        for run, weight in found.items():
            if run in runs:
                runs[run] += [column, round(weight, DIGITS)]
    return {
        "rarest": round(max(idf.values()), DIGITS),
        "nothing": [round(weight, DIGITS) for weight in nothing],
        "runs": runs,
    }
