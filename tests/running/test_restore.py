"""A restored database begins a new epoch, so that no screen trusts what it remembers."""

import json

import pytest
from websockets.sync.client import connect


def ready(server, position):
    """The `ready` that an officer's desk gets when it comes with `position`."""
    with connect(server.live_url, proxy=None) as socket:
        socket.send(json.dumps({"op": "auth", "token": server.token("duty.hongqiao")}))
        socket.send(json.dumps({"op": "subscribe", "topics": ["desk"], "position": position}))
        while True:
            message = json.loads(socket.recv(timeout=30))
            if message["op"] == "ready":
                return message


@pytest.fixture
def position(live_server_process):
    """Where a desk stood before the restore."""
    return ready(live_server_process, None)["position"]


def test_without_a_restore_a_desk_continues_where_it_was(live_server_process, position):
    live_server_process.restart()
    assert ready(live_server_process, position)["recovered"] is True


def test_after_a_restore_a_desk_reloads(live_server_process, position):
    live_server_process.stop()
    said = live_server_process.manage("new_epoch")
    live_server_process.start()
    after = ready(live_server_process, position)
    assert after["recovered"] is False
    assert after["position"]["epoch"] != position["epoch"]
    assert after["position"]["epoch"] in said
