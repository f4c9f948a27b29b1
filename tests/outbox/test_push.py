"""Web Push at the API: a person subscribes the own browser, and asks what the own hints mean."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from integrations import outbox
from integrations.models import Channel, Contact, OutboundMessage
from tests.channels.test_webpush import PRIVATE, Browser, coded

pytestmark = pytest.mark.django_db
ENDPOINT = "https://push.example/abc"


@pytest.fixture
def body(settings, channel):
    """What a browser sends, while push is on."""
    settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT = PRIVATE, "mailto:ops@xianfeng.example"
    channel("webpush")
    return {"endpoint": ENDPOINT, "keys": Browser().keys}


def delete(room, who, endpoint=ENDPOINT):
    return room.client(who).delete("/api/v1/push/", {"endpoint": endpoint}, format="json")


def test_the_key_to_subscribe_with_is_the_servers(room, body):
    private = ec.derive_private_key(int.from_bytes(bytes(range(1, 33))), ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert room.get("grid.beiyuan", "push/") == {"public_key": coded(point), "subscriptions": 0}


@pytest.mark.parametrize("missing", ["key", "channel"])
def test_while_push_is_off_there_is_no_key_and_no_subscribing(room, body, settings, missing):
    if missing == "key":
        settings.VAPID_PRIVATE_KEY = ""
    else:
        Channel.objects.update(active=False)
    assert room.get("grid.beiyuan", "push/")["public_key"] is None
    assert room.send("grid.beiyuan", "push/", body).status_code == 404


def test_a_browser_is_subscribed_once_and_unsubscribed(room, body, user):
    for _turn in range(2):
        answer = room.send("grid.beiyuan", "push/", body)
        assert answer.status_code == 201
        assert answer.json()["subscriptions"] == 1
    contact = Contact.objects.get()
    assert (contact.user, contact.address) == (user("grid.beiyuan"), ENDPOINT)
    assert contact.options == {"keys": body["keys"]}
    assert delete(room, "grid.beiyuan").json()["subscriptions"] == 0
    assert not Contact.objects.exists()


def test_nobody_unsubscribes_another(room, body):
    room.send("grid.beiyuan", "push/", body)
    delete(room, "duty.hongqiao")
    assert Contact.objects.get().user.username == "grid.beiyuan"
    assert room.get("duty.hongqiao", "push/")["subscriptions"] == 0


def test_a_browser_speaks_to_who_last_signed_in_to_it(room, body):
    room.send("grid.beiyuan", "push/", body)
    room.send("duty.hongqiao", "push/", body)
    assert [row.user.username for row in Contact.objects.all()] == ["duty.hongqiao"]


def test_a_subscription_that_had_gone_comes_back(room, body):
    room.send("grid.beiyuan", "push/", body)
    Contact.objects.update(active=False)
    assert room.send("grid.beiyuan", "push/", body).json()["subscriptions"] == 1


def test_a_person_has_ten_browsers_the_first_goes(room, body):
    for index in range(12):
        room.send("grid.beiyuan", "push/", {**body, "endpoint": f"{ENDPOINT}{index}"})
    kept = set(Contact.objects.values_list("address", flat=True))
    assert kept == {f"{ENDPOINT}{index}" for index in range(2, 12)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://push.example/abc"},
        {"endpoint": "https://"},
        {"endpoint": "https://a:b@push.example/"},
        {"endpoint": "https://[push/"},
        {"endpoint": "javascript:alert(1)"},
        {"endpoint": "https://push.example/" + "a" * 600},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": "汉" * 80, "auth": "汉"}},
        {"keys": None},
        {"keys": {}},
    ],
)
def test_what_is_no_subscription_is_refused_in_words(room, body, wrong):
    answer = room.send("grid.beiyuan", "push/", {**body, **wrong})
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert not Contact.objects.exists()


def test_a_stranger_is_asked_to_sign_in(client, body):
    assert client.get("/api/v1/push/").status_code == 401
    assert client.get("/api/v1/push/1/").status_code == 401


def test_what_a_hint_means_is_told_to_its_person_only(room, body, user):
    room.send("duty.hongqiao", "push/", body)
    number = room.report()["number"]
    outbox.read(float("inf"))
    hint = OutboundMessage.objects.get().pk
    shown = room.get("duty.hongqiao", f"push/{hint}/")
    assert shown["number"] == number
    assert shown["title"] == "【紧急】新事件，请签收"
    for who in ("police.hongqiao", "supervisor"):
        assert room.ask(who, f"push/{hint}/").status_code == 404
    assert room.ask("duty.hongqiao", f"push/{10**30}/").status_code == 404
