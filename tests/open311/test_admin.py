"""An administrator's pages of the GeoReport door."""

import re

import pytest
from django.test import Client

from integrations.models import ApiKey, Service
from tests.open311.app import App

pytestmark = pytest.mark.django_db
ADMIN = "/admin/integrations/"


@pytest.fixture
def admin(user):
    """An administrator's browser."""
    client = Client()
    client.force_login(user("admin"))
    return client


def test_a_new_key_is_shown_once_and_works(admin):
    answer = admin.post(
        f"{ADMIN}apikey/add/", {"name": "市民应用", "active": "on", "per_minute": 60}, follow=True
    )
    (text,) = re.findall(r"请立即保存）： ([\w-]{32})", answer.content.decode())
    assert App(text).post()
    key = ApiKey.objects.get(name="市民应用")
    assert text not in admin.get(f"{ADMIN}apikey/{key.pk}/change/").content.decode()
    admin.post(f"{ADMIN}apikey/{key.pk}/change/", {"name": "改名", "per_minute": 60})
    assert App(text).refused(403)


def test_a_service_of_the_emergency_scheme_is_refused(admin):
    service = Service.objects.get(code="event.0201")
    page = admin.get(f"{ADMIN}service/{service.pk}/change/")
    form = {
        name: value
        for name, value in page.context["adminform"].form.initial.items()
        if value is not None
    }
    fire = Service.category.field.related_model.objects.get(qualified="emergency.fire")
    management = {"attributes-TOTAL_FORMS": 0, "attributes-INITIAL_FORMS": 0}
    answer = admin.post(
        f"{ADMIN}service/{service.pk}/change/", {**form, **management, "category": fire.pk}
    )
    assert "应急分类不对外开放" in answer.content.decode()


def test_requests_are_looked_at_and_not_changed(admin):
    event = App().event()
    assert event.number in admin.get(f"{ADMIN}servicerequest/").content.decode()
    page = admin.get(f"{ADMIN}servicerequest/{event.open311.pk}/change/")
    assert page.status_code == 200
    assert admin.post(f"{ADMIN}servicerequest/{event.open311.pk}/change/", {}).status_code == 403
    assert admin.post(f"{ADMIN}servicerequest/{event.open311.pk}/delete/", {}).status_code == 403


def test_others_have_no_business_there(user):
    for who in ("supervisor", "duty.hongqiao"):
        client = Client()
        client.force_login(user(who))
        assert client.get(f"{ADMIN}apikey/").status_code == 302
