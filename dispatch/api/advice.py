"""The shapes of advice: what may be the same, what class may be meant."""

from rest_framework import serializers as s

from dispatch.api import shapes
from events.models import Priority, State


class LikenessShape(s.Serializer):
    """Why an event may be the same: score 0…1, metres, minutes, reasons in words."""

    score = s.FloatField()
    distance_m = s.FloatField()
    minutes_apart = s.IntegerField()
    reasons = s.ListField(child=s.CharField())
    recently_closed = s.BooleanField()


class SimilarShape(shapes.EventShape, LikenessShape):
    """An event that may be the same as another."""


class NearbyOpenShape(LikenessShape):
    """As much of an event as a telephone needs to say that it is there."""

    number = s.CharField()
    title = s.CharField()
    state = s.ChoiceField(State.choices)
    priority = s.ChoiceField(Priority.choices)
    category = shapes.NamedShape()
    location = shapes.LocationShape()
    registered_at = s.DateTimeField()


class NearbyOpenPage(s.Serializer):
    results = NearbyOpenShape(many=True)


class SuggestionShape(s.Serializer):
    """A class that a text may mean; `question`: an urgent one, to be asked and never assumed."""

    code = s.CharField()
    name = s.CharField()
    above = s.CharField(allow_blank=True)
    priority = s.ChoiceField(Priority.choices)
    confidence = s.FloatField()
    because = s.ListField(child=s.CharField())
    question = s.BooleanField()


class SuggestionsShape(s.Serializer):
    results = SuggestionShape(many=True)


class SimilarPage(s.Serializer):
    results = SimilarShape(many=True)
