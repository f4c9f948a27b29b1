"""Frames of SL 651 as a delivery: what they say, and what is put aside."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.models import InboundMessage, Reading
from integrations.sources.flood.sl651 import report
from integrations.sources.flood.sl651.crc import crc16
from integrations.sources.flood.sl651.frames import parse
from tests.flood.senders import (
    bcd_time,
    depth_text,
    events,
    frame,
    push,
    refused,
    samples,
    station,
    taken,
)

pytestmark = pytest.mark.django_db
BINARY = "application/octet-stream"
UPLINKS = [raw for meaning, raw in samples().items() if " up" in meaning]


def said(raw):
    """{quantity: value} of a frame's report, and the report."""
    one = parse(raw)
    found = report.read(one.function, one.text, one.address)
    return {value.quantity: value.value for value in found.measured}, found


def test_the_samples_say_what_their_comments_say():
    _link, test, timed = UPLINKS
    values, found = said(test)
    assert values == {"rain_now": 0.5, "rain_total": 0.5, "stage": 0.127, "voltage": 11.15}
    assert (found.station, found.kind, found.test) == ("12345678", "H", True)
    assert found.measured[0].at == datetime(2059, 10, 11, 7, 49, tzinfo=UTC)
    values, found = said(timed)
    assert values == {"rain_now": 4.0, "rain_total": 4.0, "stage": 10.49, "voltage": 10.99}
    assert (found.station, found.test) == ("11223344", False)


@pytest.mark.parametrize("as_text", [False, True], ids=["binary", "hex text"])
def test_frames_are_taken_binary_and_as_text(as_text):
    body = b"".join(UPLINKS)
    if as_text:
        body = "\n".join(raw.hex(" ") for raw in UPLINKS).encode()
    taken(body, "text/plain" if as_text else BINARY)
    assert set(Reading.objects.values_list("station__code", flat=True)) == {"12345678", "11223344"}
    assert station("12345678").fault.startswith("站钟偏差")
    # A level of 0.127 m where the road lies at 0 m.
    assert station("12345678").readings.get(quantity="depth").value == 12.7
    assert not station("11223344").active


def test_a_frame_over_the_line_is_an_event_and_a_test_report_is_none(moment):
    taken(frame(depth_text(46, moment.now()), function=0x30), BINARY)
    assert events() == []
    moment.move(minutes=5)
    taken(frame(depth_text(46, moment.now())), BINARY)
    assert len(events()) == 1


def test_the_hourly_report_tells_every_five_minutes(moment):
    at = moment.now().replace(minute=0, second=0, microsecond=0)
    rain = "0A" * 11 + "FF"
    levels = "".join(f"{cm:04X}" for cm in range(100, 124, 2))
    text = (
        f"0001{bcd_time(at)}F1F1008120401848F0F0{bcd_time(at, seconds=False)}"
        f"F460{rain}F5C0{levels}392300000220"
    )
    taken(frame(text, function=0x34), BINARY)
    depths = station().readings.filter(quantity="depth").order_by("at")
    assert [row.value for row in depths] == [2 * n for n in range(12)]
    assert depths[0].at == at - timedelta(minutes=55)
    rains = station().readings.filter(quantity="rain_5m")
    assert [row.value for row in rains] == [1.0] * 11
    assert not station().readings.filter(quantity="rain_1h").exists()
    # 22 cm, the last of them.
    assert len(events()) == 1


def test_a_report_at_an_even_pace_tells_each_time(moment):
    at = moment.now().replace(second=0, microsecond=0) - timedelta(minutes=30)
    text = (
        f"0001{bcd_time(at)}F1F1008120401848F0F0{bcd_time(at, seconds=False)}"
        "0418000010" + "3923" + "00000050" + "00000160" + "00000020"
    )
    taken(frame(text, function=0x31), BINARY)
    rows = station().readings.filter(quantity="depth").order_by("at")
    assert [(row.at - at, row.value) for row in rows] == [
        (timedelta(minutes=10 * n), cm) for n, cm in enumerate((5, 16, 2))
    ]


def test_a_message_of_several_packets_is_put_together_in_any_order(moment):
    text = depth_text(20, moment.now())
    parts = [text[:20], text[20:60], text[60:]]
    packets = [
        frame(part, packets=(3, number), end=3 if number == 3 else 0x17)
        for number, part in enumerate(parts, 1)
    ]
    taken(packets[2] + packets[0] + packets[1], BINARY)
    assert len(events()) == 1
    assert "未收齐" in refused(packets[0] + packets[1], BINARY)


def test_a_negative_level_and_a_missing_one(moment):
    text = depth_text(0, moment.now())
    below = text.replace("392300000000", "391BFF0250")
    values, _found = said(frame(below))
    assert values["stage"] == -0.25
    nothing = text.replace("392300000000", "3923AAAAAAAA")
    values, _found = said(frame(nothing))
    assert values == {"voltage": 12.5}


def test_one_bad_value_does_not_spoil_the_others(moment):
    text = depth_text(46, moment.now()).replace("38121250", "38121F50")
    taken(frame(text), BINARY)
    assert len(events()) == 1
    assert "38" in station().fault


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), "CRC"),
        (lambda raw: raw[:-9], "不完整"),
        (lambda raw: raw[:20] + b"\x00" + raw[21:], "CRC"),
        (lambda raw: resealed(raw, 3, 0x0A), "BCD"),
        (lambda raw: resealed(raw, 17, 0x13), "时间"),
        (lambda raw: resealed(raw, -3, 0x7F), "帧尾"),
        (lambda raw: raw[:2] + b"garbage", "帧"),
        (lambda raw: b"\x7e\x7e", "帧"),
    ],
    ids=["crc", "cut off", "a byte", "address", "month", "end", "garbage", "nothing"],
)
def test_a_bad_frame_is_put_aside_with_the_reason(moment, spoil, why):
    raw = spoil(frame(depth_text(46, moment.now())))
    assert why in refused(raw, BINARY)
    assert events() == []
    message = InboundMessage.objects.get()
    assert message.state == "quarantined"
    assert bytes(message.body) == raw


def resealed(raw, at, byte):
    """The frame with another byte and a CRC that fits it."""
    changed = bytearray(raw[:-2])
    changed[at if at >= 0 else at + 2] = byte
    return bytes(changed) + crc16(changed)


def test_a_good_frame_among_bad_ones_is_taken(moment):
    good = frame(depth_text(46, moment.now()))
    answer = push(b"\x00\xff" + good[:30] + good + b"~~ no frame", BINARY)
    assert answer.status_code == 422
    assert "CRC" in answer.json()["detail"]
    assert answer.json()["event"] == events()[0]


def test_frames_downwards_are_not_for_us():
    downlinks = [raw for meaning, raw in samples().items() if "down" in meaning]
    assert "下行" in refused(b"".join(downlinks), BINARY)


def test_an_administrative_address_is_six_digits_and_a_number():
    one = parse(frame("0001260601120000", station="4401040102"))
    assert one.station == "44010400258"
