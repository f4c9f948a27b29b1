"""What becomes of a badge when things change while they are looked at."""

from datetime import timedelta

import pytest

from dispatch.live import badge as badges
from dispatch.models import ApiToken
from events.tail.screen import UNAUTHENTICATED

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(user):
    return user("duty.hongqiao")


@pytest.fixture
def badge(duty, moment):
    """The badge of a duty officer who came with a token."""
    token = ApiToken.issue(duty, moment.now(), moment.now() + timedelta(hours=1))
    (found,) = badges.admit([badges.Claim(token=token)])
    return found


def test_who_is_dismissed_in_the_middle_of_a_look_must_sign_in(badge, duty, monkeypatch):
    def then_dismissed(look):
        def looked(*args):
            found = look(*args)
            duty.is_active = False
            duty.save()
            return found

        return looked

    for name in ("_alive", "scopes_of"):
        monkeypatch.setattr(badges, name, then_dismissed(getattr(badges, name)))
    (verdict,) = badges.recheck([(badge, ("desk",))])
    assert verdict.code == UNAUTHENTICATED


def test_who_is_still_there_keeps_the_badge(badge):
    (verdict,) = badges.recheck([(badge, ("desk",))])
    assert (verdict.code, verdict.badge) == (None, badge)
