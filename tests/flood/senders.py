"""Who sends to flood control's door: signed like the demo source, in every form it takes."""

import base64
import hashlib
import hmac
import itertools
import json
from datetime import timedelta
from pathlib import Path

from django.test import Client
from django.utils.timezone import localtime

from config.demo.sources import SECRET
from events import moment
from events.models import Event
from integrations import sources
from integrations.models import Alarm, Source, Station
from integrations.signatures.standard import key_of
from integrations.sources.flood.sl651.crc import crc16

DATA = Path(__file__).parent / "data"
SAMPLES = Path(sources.__file__).parent / "flood" / "samples"
NUMBERS = itertools.count(1)
# Of the demo district: a point in a road with the lines 10, 15 and 30 cm, and another one.
PLACE, ELSEWHERE = "81204018", "81204019"


def signed(body):
    """The headers of a delivery of these bytes."""
    delivery, at = f"flood-{next(NUMBERS)}", str(int(moment.now().timestamp()))
    signature = hmac.digest(key_of(SECRET), f"{delivery}.{at}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": delivery,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }


def encoded(body):
    """The bytes of bytes, text, or JSON data."""
    if not isinstance(body, bytes | str):
        body = json.dumps(body, ensure_ascii=False)
    return body.encode() if isinstance(body, str) else body


def push(body, content_type="application/json"):
    """The answer of the door to a signed delivery; `body` is bytes, text, or JSON data."""
    body = encoded(body)
    return Client().post("/feeds/flood/", body, content_type=content_type, headers=signed(body))


def taken(body, content_type="application/json"):
    """The receipt of a delivery that is taken."""
    answer = push(body, content_type)
    assert answer.status_code == 202, answer.content.decode()
    return answer.json()


def refused(body, content_type="application/json"):
    """Why a delivery is put aside, in words."""
    answer = push(body, content_type)
    assert answer.status_code == 422, answer.content.decode()
    return answer.json()["detail"]


def written(at):
    """A time as the platforms write it."""
    return f"{localtime(at):%Y-%m-%d %H:%M:%S}"


def ago(**before):
    """A time before now, as the platforms write it."""
    return written(moment.now() - timedelta(**before))


def water(cm, code=PLACE, **before):
    """A row of ST_RIVER_R: so many centimetres on the road, now or some time `before`."""
    return {"STCD": code, "TM": ago(**before), "Z": cm / 100}


def stands(cm, code=PLACE):
    """The water stands so high now; the receipt."""
    return taken({"ST_RIVER_R": [water(cm, code)]})


def rises(*heights, minutes=1, code=PLACE):
    """One reading every few minutes."""
    for cm in heights:
        moment.move(minutes=minutes)
        stands(cm, code)


def events():
    """The numbers of the source's events, in order."""
    return list(
        Event.objects.filter(source="flood").order_by("pk").values_list("number", flat=True)
    )


def station(code=PLACE):
    """The demo source's station."""
    return Station.objects.get(source__code="flood", code=code)


def alarm(code=PLACE):
    """The station's newest alarm."""
    return Alarm.objects.filter(station__code=code).latest("pk")


def options(**values):
    """Set options of the demo source."""
    source = Source.objects.get(code="flood")
    source.options = values
    source.save()


def frame(text, *, function=0x32, station="0081204018", packets=None, end=3):
    """An uplink frame around a text of hex digits, with a good CRC."""
    content = bytes.fromhex(text)
    if packets:
        total, number = packets
        content = (total << 12 | number).to_bytes(3, "big") + content
    head = "7E7E01" + station + "1234" + f"{function:02X}{len(content):04X}"
    start = 0x16 if packets else 2
    whole = bytes.fromhex(head) + bytes([start]) + content + bytes([end])
    return whole + crc16(whole)


def bcd_time(at, seconds=True):
    """YYMMDDhhmm[ss] of a moment in Beijing, as frames have it."""
    return f"{localtime(at):{'%y%m%d%H%M%S' if seconds else '%y%m%d%H%M'}}"


def depth_text(cm, at, *, serial=1, station="0081204018"):
    """The text of a timed report: the level in metres with three decimals, and the voltage."""
    return (
        f"{serial:04X}{bcd_time(at)}F1F1{station}48F0F0{bcd_time(at, seconds=False)}"
        f"3923{round(cm * 10):08d}38121250"
    )


def samples():
    """{meaning: bytes} of the samples of SL 651."""
    lines = (SAMPLES / "sl651_samples.txt").read_text().splitlines()
    rows = (line.split("|") for line in lines if line and not line.startswith("#"))
    return {meaning: bytes.fromhex(digits) for meaning, digits in rows if digits != "hex"}
