"""Posts that race."""

import pytest

from events.models import Event
from integrations.models import InboundMessage
from tests.attachments import samples
from tests.open311.app import App, file
from tests.room import at_once

pytestmark = pytest.mark.usefixtures("committed", "media")


@pytest.mark.parametrize("headers", [None, {"Idempotency-Key": "k"}])
def test_the_same_post_many_times_at_once_is_one_event(headers):
    answers = at_once([lambda: App().post(headers=headers)] * 6)
    numbers = {answer.get("service_request_id") for answer in answers}
    assert numbers - {None} == {Event.objects.get().number}
    assert InboundMessage.objects.get().state == "done"


def test_of_two_equal_posts_with_a_picture_one_picture_is_kept(media):
    picture = samples.jpeg()
    at_once([lambda: App().post(media=file(picture))] * 3)
    assert Event.objects.get().attachments.count() == 1
    assert len(list(media.rglob("*.jpg"))) == 2
