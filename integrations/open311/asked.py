"""A service request on its way through the inbox: how it is written there, and what it becomes.

What is kept is the checked form as JSON, without the api_key, which is a secret, and without the
file, which is an attachment already, made anew without its metadata:

    {"id": hex, "key": id of the ApiKey, "digest": of the content, "files": [attachment id],
     "fields": {name: text}, "answers": {attribute code: [value]}}
"""

import json
import re
import uuid
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from events.models import Attachment
from events.report import Report
from integrations.items import Incident, Picture
from integrations.masking import masked
from integrations.models import ServiceRequest
from integrations.open311 import answers as answering
from integrations.open311 import submission
from integrations.open311.faults import Fault
from integrations.reading import json as reading
from integrations.sources.kind import Unreadable

CONTENT_TYPE = "application/json"
LATIN = re.compile(r"[\x00-\u024f]*")


@dataclass(frozen=True)
class Asked(Incident):
    """An event that is a service request too."""

    key_id: int = 0
    service_id: int = 0
    description: str = ""
    answers: dict = field(default_factory=dict)

    def apply(self, context, prepared):
        event = super().apply(context, prepared)
        if not ServiceRequest.objects.filter(event=event).exists():
            ServiceRequest.objects.create(
                event=event,
                key_id=self.key_id,
                service_id=self.service_id,
                description=self.description,
                answers=self.answers,
            )
        return event


def write(key, digest, wanted, files):
    """The bytes to keep of a checked submission.Submission; `files` are Attachments.

    The id is new: GeoReport knows none, and two citizens may say the same.
    """
    content = {
        "id": uuid.uuid4().hex,
        "key": key.pk,
        "digest": digest,
        "files": [str(file.pk) for file in files],
        "fields": {"service_code": wanted.service.code, **wanted.fields},
        "answers": wanted.answers,
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def digest_of(body):
    """The digest of the content that `write` noted."""
    return json.loads(body)["digest"]


def read(delivery):
    """[Asked, and a Picture when there is a media_url] of what `write` made, or of what a person
    made of that. Raises Unreadable."""
    content = reading.parse(delivery.body)
    try:
        id_ = uuid.UUID(content["id"]).hex
        key, files = int(content["key"]), [uuid.UUID(name) for name in content["files"]]
        fields = {name: str(text) for name, text in content["fields"].items()}
        answers = {
            code: [str(text) for text in texts] for code, texts in content["answers"].items()
        }
        wanted = submission.check(fields, answers)
    except Fault as fault:
        raise Unreadable(str(fault)) from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Unreadable(_("内容不是本接口写下的格式。")) from None
    items = [_asked(id_, key, files, wanted, delivery.received_at)]
    if url := wanted.fields.get("media_url"):
        items.append(Picture(id_, "media_url", url=url))
    return items


def _asked(id_, key, files, wanted, at):
    fields, service = wanted.fields, wanted.service
    description = fields.get("description", "")
    name = full_name(fields.get("first_name", ""), fields.get("last_name", ""))
    lines = answering.as_lines(service.attributes.all(), wanted.answers)
    report = Report(
        source="",
        text="\n".join(filter(None, [description, *lines])),
        category=service.category.qualified,
        location=wanted.point
        and {"lon": wanted.point[0], "lat": wanted.point[1], "crs": "WGS84", "accuracy_m": None},
        address=wanted.address,
        occurred_at=at,
        external_id=id_,
        reporter_name=name,
        reporter_phone=fields.get("phone", ""),
        attachments=tuple(_kept(files)),
    )
    names = (name, fields.get("first_name", ""), fields.get("last_name", ""))
    return Asked(
        report,
        key_id=key,
        service_id=service.pk,
        description=masked(description, *names),
        answers=wanted.answers,
    )


def full_name(first, last):
    """The name as people write it: 张三, but John Smith."""
    if LATIN.fullmatch(first + last):
        return f"{first} {last}".strip()
    return f"{last}{first}"


def _kept(files):
    """Those of the attachments that are still there: a request that waited for days is worth more
    than its picture."""
    there = set(Attachment.objects.filter(pk__in=files, uploader=None).values_list("pk", flat=True))
    return [pk for pk in files if pk in there]
