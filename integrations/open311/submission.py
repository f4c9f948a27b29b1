"""A service request as a citizen's app posts it: checked as a whole, every fault told at once."""

import hashlib
import json
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from geo import coordinates
from geo.models import Area
from integrations.models import Service
from integrations.models.open311 import CODE
from integrations.open311 import answers as answering
from integrations.open311.faults import Fault

# Characters; what is longer is refused, never cut.
LENGTHS = {
    "address_string": 300,
    "address_id": 64,
    "email": 254,
    "device_id": 200,
    "account_id": 200,
    "first_name": 30,
    "last_name": 30,
    "phone": 40,
    "description": 4000,
    "media_url": 500,
    "lat": 40,
    "long": 40,
}
PHONE = re.compile(r"[+0-9][0-9 ()+./-]{2,38}(?:(?:x|ext\.?|转) ?\d{1,6})?")


@dataclass(frozen=True)
class Submission:
    """A checked post. `fields` are those of LENGTHS that came, `answers` {code: [value]}.

    `point` is (lon, lat) in WGS-84 degrees or None, `address` the words for the place.
    """

    service: Service
    fields: dict
    answers: dict
    point: tuple | None
    address: str

    def digest(self, files):
        """SHA-256 of the content with its files: the same post sent again has the same."""
        content = [self.service.code, self.fields, self.answers, [_sha256(file) for file in files]]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def check(fields, answers):
    """The Submission of a form's fields and answers.

    Raises Fault: 404 for an unknown service_code, 400 with everything else that is wrong.
    """
    service = check_service(fields.get("service_code", ""))
    fields = {name: fields[name] for name in LENGTHS if name in fields}
    wrong = [
        _("%(name)s 太长：最长 %(most)d 个字符。") % {"name": name, "most": LENGTHS[name]}
        for name, text in fields.items()
        if len(text) > LENGTHS[name]
    ]
    wrong += _wrong_contacts(fields)
    point, problem = _point(fields.get("lat"), fields.get("long"))
    address = fields.get("address_string") or _address(fields.get("address_id", ""))
    if problem:
        wrong.append(problem)
    elif not (point or address):
        wrong.append(
            _("需要位置：lat 和 long，或 address_string，或 address_id（社区或街道的编码）。")
        )
    wrong += answering.check(service.attributes.all(), answers)
    if wrong:
        raise Fault(*wrong)
    asked = {one.code for one in service.attributes.all() if one.variable}
    answers = {code: texts for code, texts in answers.items() if code in asked}
    return Submission(service, fields, answers, point, address)


def check_service(code):
    """The active Service with that code, its questions fetched. Raises Fault."""
    if not code:
        raise Fault(_("缺少 service_code。"))
    service = find_service(code)
    if service is None:
        raise Fault(_("没有这个 service_code。"), status=404)
    return service


def find_service(code):
    """The active Service with that code, or None."""
    try:
        CODE(code)
    except ValidationError:
        return None
    return (
        Service.objects.filter(code=code, active=True, category__active=True)
        .select_related("category")
        .prefetch_related("attributes")
        .first()
    )


def _wrong_contacts(fields):
    checks = (
        ("email", validate_email, _("email 不是邮箱地址。")),
        ("phone", _check_phone, _("phone 不是电话号码。")),
        ("media_url", URLValidator(schemes=["http", "https"]), _("media_url 不是网址。")),
    )
    wrong = []
    for name, check_text, problem in checks:
        try:
            if name in fields:
                check_text(fields[name])
        except ValidationError:
            wrong.append(problem)
    return wrong


def _check_phone(text):
    if not PHONE.fullmatch(text):
        raise ValidationError("")


def _point(lat, long):
    """((lon, lat) or None, what is wrong or "")."""
    if lat is None and long is None:
        return None, ""
    if lat is None or long is None:
        return None, _("lat 和 long 要一起给出。")
    try:
        return coordinates.check(long, lat), ""
    except coordinates.CoordinateError as error:
        return None, str(error)


def _address(code):
    """The words for an address_id: the code of a street or community; "" for an unknown one."""
    if not (code.isascii() and code.isalnum()):
        return ""
    area = Area.objects.current().filter(code=code).select_related("parent").first()
    if area is None:
        return ""
    return f"{area.parent.name}{area.name}" if area.parent else area.name


def _sha256(file):
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
