"""Which of our classes a source means by its codes, names and paths of names."""

import re

from django.db.models import Q

from events.models import Category
from integrations.mapping import exactly, look_up, translate
from integrations.reading.text import line

# 市容环卫->垃圾清运->暴露垃圾, 城市管理/市容
ARROW = re.compile(r"\s*(?:-+>|=+>|→|>|\||/|\\|——|»)\s*")
# 12.占道经营, （3）占道经营
NUMBERED = re.compile(r"^[（(]?\d{1,3}[)）.、．]\s*")
# A name that several schemes have means the first of these that has it once.
SCHEMES = ("emergency", "event", "component", "hotline")
CODE = re.compile(r"[\w.-]*\d[\w.-]*", re.ASCII)
# Words that sort messages, but name no class.
NO_CLASS = {"事件", "部件", "其他", "其它", "未分类"}


def category(source, *words):
    """The qualified code of the first of `words` that means a class here, or '' for none.

    A word is a code, a name, or a path of names. The source's mapping of just that word has the
    first say, then our own codes and the names of our classes, then its mapping of words that begin
    so. One query beside the mapping's.
    """
    forms = list(dict.fromkeys(form for word in words for form in _forms(word)))
    if not forms:
        return ""
    exact = {form: exactly(source, "category", form) for form in forms}
    begun = {form: look_up(source, "category", form) for form in forms}
    known, named = _known({*forms, *exact.values(), *begun.values()}, forms)
    parents = {part for word in words for part in ARROW.split(line(word))}
    for form in forms:
        if exact[form] in known:
            return exact[form]
        if form in known:
            return form
        if found := _named(named.get(form, ()), parents):
            return found
    for form in forms:
        if begun[form] in known:
            return begun[form]
    for word in words:
        translate(source, "category", line(word))
    return ""


def _known(codes, names):
    """({qualified codes that are in use}, {name: [(scheme, parent's name, code)]})."""
    known, named = set(), {}
    for qualified, name, scheme, parent, selectable in Category.objects.filter(
        Q(qualified__in=codes) | Q(name__in=names), active=True
    ).values_list("qualified", "name", "scheme", "parent__name", "selectable"):
        known.add(qualified)
        if selectable:
            named.setdefault(name, []).append((scheme, parent, qualified))
    return known, named


def said(*words):
    """What the source calls the class: the last name of the first path, else its codes."""
    names = [NUMBERED.sub("", ARROW.split(line(word))[-1]) for word in words]
    names = [name for name in names if name and name not in NO_CLASS]
    return next((name for name in names if not CODE.fullmatch(name)), " ".join(names))


def _forms(word):
    """The ways in which a word may be known: whole, then its names from the finest up."""
    word = line(word)
    parts = [part for part in ARROW.split(word) if part]
    forms = [word, NUMBERED.sub("", word)]
    for part in reversed(parts):
        forms += [part, NUMBERED.sub("", part)]
    return [form for form in dict.fromkeys(forms) if form and form not in NO_CLASS]


def _named(rows, parents):
    """The one class that a name means: below a parent that the path names, else by scheme."""
    below = [qualified for _scheme, parent, qualified in rows if parent in parents]
    if len(below) == 1:
        return below[0]
    for scheme in SCHEMES:
        found = [qualified for name, _parent, qualified in rows if name == scheme]
        if len(found) == 1:
            return found[0]
    return ""
