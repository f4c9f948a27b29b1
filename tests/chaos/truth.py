"""What is really there, by the API and by the rows, and whether all of it agrees."""

import json
import subprocess
import sys

from django.conf import settings

from tests.room import API


def get(client, path, **params):
    """The JSON of a GET that succeeds."""
    answer = client.get(API + path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def pages(client, path, **params):
    """The results of all pages of a list."""
    page = get(client, path, limit=100, **params)
    found = page["results"]
    while page["next"]:
        page = get(client, path, limit=100, cursor=page["next"], **params)
        found += page["results"]
    return found


def log(client, position):
    """The entries after a position that this person may see, and the log's end."""
    found, after = [], position["offset"]
    while after is not None:
        page = get(client, "log/", after=after, epoch=position["epoch"])
        assert page["recovered"]
        assert page["lost"] == []
        found += page["results"]
        after = page["next"]
    return found, page["position"]["offset"]


def everything(client):
    """Every entry of the district, for one who may see them all; there is no gap."""
    entries, end = log(client, {"epoch": "", "offset": 0})
    # What was written while the pages were read comes along.
    assert [entry["offset"] for entry in entries] == list(range(1, len(entries) + 1))
    assert len(entries) >= end
    return entries


def check_timelines(server, watchers):
    """Every watcher ends with exactly the timeline that the API gives to its person."""
    for watcher in watchers:
        with server.client_of(watcher.username) as client:
            entries, end = log(client, watcher.since)
        watcher.reach(end)
        # What was written after the log was read is not this comparison's business.
        seen = [entry for entry in watcher.entries if entry["offset"] <= end]
        assert [entry["offset"] for entry in seen] == [entry["offset"] for entry in entries]
        assert seen == entries, watcher.name


def check_whole(server, calls):
    """Every call is one event, whole: its rows, its timeline, its note and its photo."""
    assert audit(server) == []
    with server.client_of("supervisor") as client:
        events = {event["text"]: event for event in pages(client, "events/")}
        entries = everything(client)
        notes = sorted(entry["data"]["text"] for entry in entries if entry["kind"] == "posted")
        for call in calls:
            for photo in events[call.text]["attachments"]:
                assert client.get(photo["url"]).status_code == 200
    told = {}
    for entry in entries:
        told.setdefault(entry["event"], {}).update(entry["changes"])
    for call in calls:
        event = events[call.text]
        assert event["number"] == call.event["number"]
        assert {**dict.fromkeys(event), **told[event["number"]]} == event
        assert [photo["id"] for photo in event["attachments"]] == call.attachments
    assert notes == sorted(call.text for call in calls if call.note)


def audit(server):
    """What does not fit together in the server's database, by tests/chaos/audit.py."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos.audit"],
        cwd=settings.BASE_DIR,
        env=server.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)
