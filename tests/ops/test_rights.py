"""Who may look, who may act, and that nothing is done without either."""

import pytest
from django.urls import reverse

from integrations.batch import take
from integrations.models import InboundMessage, Mapping, OperatorAct, Source, SourceSecret
from integrations.pages.urls import urlpatterns
from tests.ops.conftest import AUDITOR, OPERATORS, OTHERS, page_of

pytestmark = pytest.mark.django_db
PAGES = {
    "index",
    "sources",
    "source",
    "settings",
    "mapping",
    "words",
    "unmapped",
    "export-mapping",
    "paste",
    "quarantine",
    "message",
    "outbox",
    "outbound",
    "channels",
    "channel",
    "batches",
    "batch",
    "acts",
}
ACTS = {path.name for path in urlpatterns} - PAGES


@pytest.fixture
def address(broken, outgoing, user):
    """The address of a page or act, with something there to look at."""
    source = Source.objects.get(code="hotline")
    mapping = Mapping.objects.filter(source=source).first()
    secret = SourceSecret.objects.filter(source=source).first()
    table = "工单编号,主要内容,被反映街乡镇\n1,垃圾,洪桥街道\n".encode()
    upload = take(source, "表.csv", table, user("dispatcher"))
    message = outgoing()
    keys = {
        "expire-secret": {"code": "hotline", "pk": secret.pk},
        "change-mapping": {"code": "hotline", "pk": mapping.pk},
        **dict.fromkeys(("outbound", "resend", "give-up"), {"pk": message.pk}),
        **dict.fromkeys(("batch", "confirm", "drop", "faults"), {"pk": upload.pk}),
        **dict.fromkeys(("channel", "save-channel", "try-channel"), {"code": "bot"}),
    }

    def find(name):
        (path,) = [path for path in urlpatterns if path.name == name]
        names = path.pattern.converters
        if name in keys:
            return reverse(f"ops:{name}", kwargs=keys[name])
        known = {"code": "hotline", "receipt": broken.receipt}
        return reverse(f"ops:{name}", kwargs={key: known[key] for key in names})

    return find


def state():
    """What an act could have changed."""
    return (
        list(InboundMessage.objects.values_list("pk", "state", "edition")),
        Source.history.count(),
        Mapping.history.count(),
        SourceSecret.objects.count(),
        OperatorAct.objects.count(),
    )


def test_nobody_sees_a_page_or_acts_without_signing_in(client, address):
    before = state()
    for name in sorted(PAGES):
        assert client.get(address(name)).url == f"/accounts/login/?next={address(name)}"
    for name in sorted(ACTS):
        assert client.post(address(name)).url.startswith("/accounts/login/"), name
    assert state() == before


def test_a_fragment_of_somebody_who_was_signed_out_sends_the_window_to_the_sign_in(client):
    answer = client.get("/ops/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/accounts/login/"


@pytest.mark.parametrize("who", OTHERS)
def test_others_are_told_that_it_is_not_for_them(visit, address, who):
    client, before = visit(who), state()
    assert "对接台只对" in page_of(client.get("/ops/"), 403)
    for name in sorted(PAGES):
        assert client.get(address(name)).status_code == 403, name
    for name in sorted(ACTS):
        assert client.post(address(name)).status_code == 403, name
    assert state() == before


def test_an_auditor_sees_every_page_and_no_act(visit, address):
    client = visit(AUDITOR)
    for name in sorted(PAGES):
        text = page_of(client.get(address(name)))
        for act in sorted(ACTS):
            assert address(act) not in text, (name, act)


def test_an_auditor_may_not_act(visit, address):
    client, before = visit(AUDITOR), state()
    for name in sorted(ACTS):
        assert "审计只能查看" in page_of(client.post(address(name)), 403), name
    assert state() == before


@pytest.mark.parametrize("who", OPERATORS)
def test_an_operator_sees_every_page_and_no_browser_keeps_it(visit, address, who):
    client = visit(who)
    for name in sorted(PAGES):
        answer = client.get(address(name))
        page_of(answer)
        assert "no-store" in answer["Cache-Control"], name


def test_an_act_is_no_address_to_visit(operator, address):
    for name in sorted(ACTS):
        assert operator.get(address(name)).status_code == 405, name


def test_an_act_needs_the_token_of_its_page(visit, address):
    client, before = visit("dispatcher", enforce_csrf_checks=True), state()
    for name in sorted(ACTS):
        assert client.post(address(name)).status_code == 403, name
    assert state() == before


@pytest.mark.parametrize(("who", "shown"), [("dispatcher", True), ("supervisor", False)])
def test_the_menu_leads_there_for_those_who_may(visit, who, shown):
    assert ('href="/ops/"' in page_of(visit(who).get("/desk/"))) is shown


def test_what_is_not_there_is_not_found(operator):
    for path in (
        "sources/nobody/",
        "channels/nobody/",
        "messages/00000000-0000-4000-8000-000000000000/",
        "outbox/999999/",
        "batches/999999/",
        "quarantine/?state=strange",
        "quarantine/?cursor=strange",
        "outbox/?cursor=2026-01-01T00:00:00~1",
        "sources/hotline/mapping/?cursor=abc",
    ):
        assert operator.get(f"/ops/{path}").status_code == 404, path


STRANGE = ["\x00", "2026-01-01T00:00:00Z~" + "9" * 30]


@pytest.mark.parametrize("value", STRANGE, ids=["nul", "huge"])
def test_strange_questions_are_answered(operator, address, value):
    names = ("state", "source", "reason", "cursor", "channel", "event", "verb", "q", "table")
    more = ("edit", "encoding", "raw", "original", "ours", "new", "new_table")
    for name in sorted(PAGES):
        answer = operator.get(address(name), dict.fromkeys(more, value))
        assert answer.status_code == 200, name
        for asked in names:
            if name in ("quarantine", "outbox", "acts", "mapping", "batches"):
                answer = operator.get(address(name), {asked: value})
                assert answer.status_code in (200, 404), (name, asked)


def test_strange_posts_are_refused_in_words(operator, address):
    names = ("text", "encoding", "edition", "reason", "after", "source", "channel", "content_type")
    more = ("code", "name", "kind", "scheme", "was", "act", "ours", "theirs", "table", "options")
    for name in sorted(ACTS):
        answer = operator.post(address(name), dict.fromkeys(names + more, "\x00"))
        assert answer.status_code in (200, 302, 404, 422), name
