"""The sign-in page, and which page is whose."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from tests import PASSWORD
from tests.browser import PHONE

LOGIN = "/accounts/login/"


def attempt(client, username="grid.beiyuan", password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


@pytest.fixture
def signed_in(client, user):
    """Django's test client, signed in as a username."""

    def sign_in(username):
        client.force_login(user(username), "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("username", "start"),
    [
        ("grid.beiyuan", "/report/"),
        ("duty.hongqiao", "/desk/"),
        ("dispatcher", "/desk/"),
        ("supervisor", "/wall/"),
        ("auditor", "/wall/"),
        ("admin", "/admin/"),
    ],
)
def test_everyone_starts_on_the_page_of_their_work(client, username, start):
    answer = attempt(client, username)
    assert answer.url == reverse("home")
    assert client.get(answer.url).url == start


@pytest.mark.django_db
def test_signing_in_returns_to_the_page_that_was_asked_for(client):
    asked = client.get("/report/")
    assert asked.url == f"{LOGIN}?next=/report/"
    assert attempt(client, next="/report/").url == "/report/"


@pytest.mark.django_db
def test_signing_in_never_leads_to_another_site(client):
    assert attempt(client, next="https://example.org/").url == reverse("home")


@pytest.mark.django_db
def test_a_wrong_password_and_an_unknown_account_are_answered_alike(client):
    wrong = attempt(client, password="not-the-password")
    unknown = attempt(client, username="nobody", password="not-the-password")
    for answer in (wrong, unknown):
        assert answer.status_code == 200
        assert "账号或密码不正确" in answer.content.decode()
        assert "not-the-password" not in answer.content.decode()


@pytest.mark.django_db
def test_too_many_failures_say_when_to_come_back(client):
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = attempt(client, password="wrong")
    assert answer.status_code == 429
    assert "请 15 分钟后再试" in answer.content.decode()
    assert attempt(client).status_code == 429


@pytest.mark.django_db
def test_the_published_accounts_are_offered_in_a_demo_only(client, settings):
    assert PASSWORD in client.get(LOGIN).content.decode()
    settings.DEMO = False
    page = client.get(LOGIN).content.decode()
    assert PASSWORD not in page
    assert "grid.beiyuan" not in page


@pytest.mark.django_db
def test_a_page_of_another_role_is_refused_in_words(signed_in):
    answer = signed_in("grid.beiyuan").get("/wall/")
    assert answer.status_code == 403
    assert "你的角色没有这个页面" in answer.content.decode()


@pytest.mark.django_db
def test_an_event_of_another_street_does_not_exist_for_an_officer(signed_in, report):
    number = report()["number"]
    assert signed_in("duty.hongqiao").get(f"/events/{number}/").status_code == 200
    elsewhere = "cityops.beijing"
    answer = signed_in(elsewhere).get(f"/events/{number}/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


@pytest.mark.django_db
def test_an_account_without_a_role_is_told_whom_to_ask(client, django_user_model):
    nobody = django_user_model.objects.create_user("nobody", password="a-long-password-1")
    client.force_login(nobody, "django.contrib.auth.backends.ModelBackend")
    answer = client.get("/")
    assert answer.status_code == 403
    assert "还没有分配角色" in answer.content.decode()


@pytest.mark.django_db
def test_signing_out_needs_a_post_and_ends_the_session(signed_in):
    client = signed_in("grid.beiyuan")
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/").url == LOGIN
    assert client.get("/report/").url.startswith(LOGIN)


@pytest.mark.django_db
@pytest.mark.parametrize("path", [LOGIN, "/report/"])
def test_pages_carry_no_inline_script_or_style(signed_in, path):
    page = signed_in("grid.beiyuan").get(path, follow=True).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


@pytest.mark.django_db
def test_the_pages_speak_english_second(client):
    client.post("/i18n/setlang/", {"language": "en", "next": LOGIN})
    page = client.get(LOGIN).content.decode()
    assert '<html lang="en"' in page
    assert "Sign in" in page


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, {"width": 1440, "height": 900}], ids=["phone", "desk"])
def test_a_demo_account_is_filled_in_by_one_tap(people, module_server, size):
    page = people.context(module_server, size).new_page()
    page.goto(LOGIN)
    page.get_by_role("button", name="grid.beiyuan").click()
    expect(page.get_by_label("账号", exact=True)).to_have_value("grid.beiyuan")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).to_have_url(re.compile(r"/report/$"))


@pytest.mark.browser
def test_the_form_fits_a_phone_and_shows_the_password_on_request(people, module_server):
    page = people.context(module_server, PHONE).new_page()
    page.goto(LOGIN)
    for target in (page.locator("#username"), page.locator("#password"), page.locator("#reveal")):
        box = target.bounding_box()
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    page.fill("#password", "abc")
    page.get_by_role("button", name="显示密码").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")


@pytest.mark.browser
def test_a_wrong_password_keeps_the_account_and_the_reader_on_the_page(people, module_server):
    page = people.context(module_server).new_page()
    page.goto(LOGIN)
    page.fill("#username", "duty.hongqiao")
    page.fill("#password", "wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不正确")
    expect(page.locator("#username")).to_have_value("duty.hongqiao")
    expect(page.locator("#password")).to_be_focused()


def sentences_of_templates():
    """Every text that the templates hand to gettext."""
    folder = Path(settings.BASE_DIR) / "templates"
    pattern = re.compile(r"""\{% translate (?:"([^"]+)"|'([^']+)') %\}""")
    texts = [path.read_text() for path in folder.rglob("*.html")]
    return {double or single for text in texts for double, single in pattern.findall(text)}


def test_every_sentence_of_the_templates_has_its_english():
    with translation.override("en"):
        chinese = {one for one in sentences_of_templates() if re.search("[一-鿿]", gettext(one))}
    assert chinese == set()


@pytest.mark.django_db
def test_refusals_speak_the_readers_language(client):
    answer = client.get("/api/v1/nothing/", headers={"accept-language": "en"})
    assert answer.json()["detail"] == "There is no such endpoint."
