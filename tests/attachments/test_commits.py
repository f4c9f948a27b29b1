"""What only shows when transactions are real: racing uploads, rollbacks, sweeping."""

import asyncio
import io
import threading
import uuid

from django.db import connection, transaction
from django.test import AsyncClient

from dispatch.api import ranges
from events import attachments
from events.models import Attachment
from tests.attachments import samples
from tests.attachments.test_upload import PATH, files, named, send


def take(user, moment, **more):
    """An unbound attachment of grid.beiyuan's."""
    uploader = user("grid.beiyuan").pk
    return attachments.accept(
        io.BytesIO(samples.jpeg()), uploader_id=uploader, at=moment.now(), **more
    )


def at_once(calls):
    """The results of calls made in threads of their own at the same moment."""
    gate, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        try:
            gate.wait()
            results[place] = call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_same_upload_twice_at_once_is_one_attachment(committed, client_of, media):
    client_id = str(uuid.uuid4())
    clients = [client_of("grid.beiyuan") for _one in range(4)]
    answers = at_once([lambda c=client: send(c, client_id=client_id) for client in clients])
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Attachment.objects.count() == 1
    assert len(files(media)) == 2


def test_two_reports_at_once_cannot_both_have_a_photo(committed, client_of, report, media):
    client = client_of("grid.beiyuan")
    pk = send(client).json()["id"]
    numbers = [report()["number"], report(text="另一处")["number"]]
    body = {"attachments": [pk]}
    answers = at_once(
        [
            lambda n=number: client_of("grid.beiyuan").post(
                f"/api/v1/events/{n}/attach/", body, format="json"
            )
            for number in numbers
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]


def test_a_refused_upload_to_an_event_is_gone_with_its_files(
    committed, client_of, report, media, monkeypatch
):
    number = report()["number"]
    # The right was lost between the first look and the lock.
    monkeypatch.setattr("dispatch.api.attachments._check_event", lambda scope, number: None)
    assert send(client_of("duty.liuhua"), event=number).status_code == 404
    assert not Attachment.objects.exists()
    assert not files(media)


def test_uploads_that_no_event_took_go_after_a_day(committed, client_of, report, media, moment):
    client = client_of("grid.beiyuan")
    kept, lost = send(client).json()["id"], send(client).json()["id"]
    report(attachments=[kept])
    moment.move(hours=23, minutes=59)
    assert attachments.sweep(moment.now()) == (0, 0)
    moment.move(minutes=2)
    assert attachments.sweep(moment.now()) == (1, 0)
    assert [row.pk for row in Attachment.objects.all()] == [uuid.UUID(kept)]
    assert len(files(media)) == 2
    assert client.get(f"{PATH}{kept}/").status_code == 200
    assert client.get(f"{PATH}{lost}/").status_code == 404
    assert attachments.sweep(moment.now()) == (0, 0)


def test_files_go_only_when_the_deletion_of_their_rows_is_committed(committed, user, media, moment):
    take(user, moment)
    moment.move(hours=25)

    with transaction.atomic():
        attachments.sweep(moment.now())
        transaction.set_rollback(True)
    assert Attachment.objects.count() == 1
    assert len(files(media)) == 2


def test_a_file_whose_transaction_was_rolled_back_is_not_left_for_ever(
    committed, user, media, moment
):
    with transaction.atomic():
        take(user, moment)
        transaction.set_rollback(True)
    assert not Attachment.objects.exists()
    assert len(files(media)) == 2
    stranger = files(media)[0].parent / "README.txt"
    stranger.write_text("not ours")
    kept = take(user, moment)
    Attachment.objects.filter(pk=kept.pk).update(event=None, created_at=moment.now())
    attachments.sweep(moment.now())
    assert len(files(media)) == 5
    moment.move(hours=49)
    # The row keeps its file from being a stray; make it young so that it is not swept for its age.
    Attachment.objects.update(created_at=moment.now())
    assert attachments.sweep(moment.now()) == (0, 2)
    assert len(files(media)) == 3
    assert stranger in files(media)
    with kept.file.open("rb") as stream:
        assert stream.read(2) == b"\xff\xd8"


def test_a_swept_upload_cannot_be_bound(committed, client_of, moment, media):
    client = client_of("grid.beiyuan")
    pk = send(client).json()["id"]
    moment.move(hours=25)
    attachments.sweep(moment.now())
    body = {
        "client_id": str(uuid.uuid4()),
        "location": {"lon": 113.2582, "lat": 23.1301, "crs": "WGS84"},
        "attachments": [pk],
    }
    answer = client.post("/api/v1/reports/", body, format="json")
    assert answer.status_code == 422
    assert "重新上传" in answer.json()["detail"]


def test_a_large_file_flows_through_an_asynchronous_server_too(
    committed, client_of, media, monkeypatch
):
    pk = send(client_of("grid.beiyuan"), named(samples.video())).json()["id"]
    with Attachment.objects.get(pk=pk).file.open("rb") as stream:
        whole = stream.read()
    monkeypatch.setattr(ranges, "PIECE", 1000)
    monkeypatch.setattr(ranges, "CHUNK", 700)
    authorization = client_of("grid.beiyuan").defaults["HTTP_AUTHORIZATION"]

    async def fetch():
        answer = await AsyncClient().get(
            f"{PATH}{pk}/", headers={"authorization": authorization, "range": "bytes=2-"}
        )
        assert answer.is_async
        return answer.status_code, b"".join([piece async for piece in answer.streaming_content])

    assert asyncio.run(fetch()) == (206, whole[2:])
