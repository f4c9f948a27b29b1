"""短信 移动云MAS: base64 of JSON, and a digest of its parts in one order."""

import base64
import hashlib
import json

import pytest

from tests.channels.conftest import NOTICE

PHONE = "13800000000"


@pytest.fixture
def gateway(service):
    return {
        "url": f"{service.url}/sms/norsubmit",
        "ec_name": "越秀区",
        "ap_id": "demo",
        "secret_key": "pass",
        "sign": "SIGN1",
        "add_serial": "01",
        "plain_http": True,
    }


def letter(service):
    return json.loads(base64.b64decode(service.last.body, validate=True))


def test_the_digest_is_of_all_parts_in_order(service, say, gateway):
    service.answers = [{"msgGroup": "1", "rspcod": "success", "success": True}]
    assert say("mas", gateway, address=PHONE).verdict == "sent"
    body = letter(service)
    whole = f"越秀区demopass{PHONE}{body['content']}SIGN101"
    assert body.pop("mac") == hashlib.md5(whole.encode()).hexdigest()  # noqa: S324 - theirs
    assert body == {
        "ecName": "越秀区",
        "apId": "demo",
        "mobiles": PHONE,
        "content": f"{NOTICE['title']} {' '.join(NOTICE['text'].split())} {NOTICE['url']}",
        "sign": "SIGN1",
        "addSerial": "01",
    }
    assert b"pass" not in base64.b64decode(service.last.body)


def test_a_long_text_keeps_its_address_and_300_characters(service, say, gateway):
    say("mas", gateway, {**NOTICE, "text": "水" * 500}, address=PHONE)
    content = letter(service)["content"]
    assert len(content) == 300
    assert content.endswith(f"… {NOTICE['url']}")


@pytest.mark.parametrize("code", ["IllegalMac", "InvalidUsrOrPwd", "IllegalSignId"])
def test_a_refusal_is_final_and_names_its_code(service, say, gateway, code):
    service.answers = [{"msgGroup": "", "rspcod": code, "success": False}]
    outcome = say("mas", gateway, address=PHONE)
    assert outcome.verdict == "failed"
    assert code in outcome.reason
    assert PHONE not in outcome.reason


def test_telephone_numbers_do_not_travel_in_the_clear(service, say, gateway):
    del gateway["plain_http"]
    assert say("mas", gateway, address=PHONE).verdict == "failed"
    assert service.requests == []
