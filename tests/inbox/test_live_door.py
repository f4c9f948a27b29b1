"""The door of a real server process: at once, without a length, and killed in the middle."""

import json
import threading
import time
import uuid
from datetime import UTC, datetime

import pytest
import requests
from standardwebhooks import Webhook

from config.demo.sources import SECRET
from tests import BEIYUAN

pytestmark = pytest.mark.usefixtures("demo")


def body_of(name):
    """An event in the platform's own form."""
    event = {"id": name, "title": "井盖缺失", "text": name, "location": BEIYUAN}
    return json.dumps(event, ensure_ascii=False)


def headers(body, delivery_id=None):
    """Signed now."""
    delivery_id, now = delivery_id or f"msg_{uuid.uuid4().hex}", datetime.now(UTC)
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(delivery_id, now, body),
        "Content-Type": "application/json",
    }


def post(server, body, delivery_id=None):
    """The answer, or None when the server died over it."""
    try:
        return requests.post(
            f"{server.url}/feeds/command/",
            data=body.encode(),
            headers=headers(body, delivery_id),
            timeout=30,
        )
    except requests.RequestException:
        return None


def at_once(jobs):
    """The results of callables in threads."""
    results = [None] * len(jobs)

    def run(index, job):
        results[index] = job()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def events(server, prefix):
    """The source's ids of the events whose id begins so."""
    with server.client_of("supervisor") as client:
        found, cursor = [], None
        while True:
            page = client.get(
                "/api/v1/events/", params={"source": "command", "limit": 100, "cursor": cursor}
            ).json()
            found += [event["external_id"] for event in page["results"]]
            cursor = page["next"]
            if cursor is None:
                return sorted(value for value in found if value.startswith(prefix))


def test_three_at_once_are_one(module_server):
    body = body_of("ONCE-1")
    answers = at_once([lambda: post(module_server, body, "msg_once")] * 3)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 202]
    assert len({answer.json()["receipt"] for answer in answers}) == 1
    assert events(module_server, "ONCE") == ["ONCE-1"]


def test_a_body_in_pieces_without_a_length_is_taken(module_server):
    body = body_of("PIECES-1")
    half = len(body) // 2
    answer = requests.post(
        f"{module_server.url}/feeds/command/",
        data=iter([body[:half].encode(), body[half:].encode()]),
        headers=headers(body),
        timeout=30,
    )
    assert answer.status_code == 202, answer.text
    assert events(module_server, "PIECES") == ["PIECES-1"]


def test_killed_in_the_middle_of_deliveries_each_is_there_once(live_server_process):
    server = live_server_process
    sent = {f"KILL-{number}": body_of(f"KILL-{number}") for number in range(12)}
    killer = threading.Thread(target=lambda: (time.sleep(0.25), server.kill9()))
    killer.start()
    at_once(
        [
            lambda names=names: [post(server, sent[name], name) for name in names]
            for names in (list(sent)[start::4] for start in range(4))
        ]
    )
    killer.join()
    server.start()
    # Who has no receipt sends again; here everybody does.
    answers = [post(server, body, name) for name, body in sent.items()]
    assert {answer.status_code for answer in answers} <= {200, 202}
    server.manage("shell", "-c", LATER)
    assert events(server, "KILL") == sorted(sent)


# What the clock does two minutes later.
LATER = """
from events import moment
from integrations.processing import finish_leftovers
moment.move(minutes=2)
finish_leftovers()
"""
