"""An app that speaks GeoReport v2 and holds its answers against the letter."""

import json
from urllib.parse import urlencode
from xml.etree import ElementTree

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from events.models import Event
from tests import BEIYUAN

BASE = "/open311/v2/"
KEY = "xianfeng-demo"
TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
FORM = "application/x-www-form-urlencoded; charset=utf-8"
LISTS = {"services", "attributes", "values", "service_requests", "errors", "endpoints", "formats"}


class App:
    """Requests as an app makes them; None leaves a field out."""

    def __init__(self, key=KEY):
        self.key, self.client = key, Client()

    def ask(self, path, form="json", **params):
        """(status, content) of a GET; the content in the form of JSON, whichever was asked for."""
        return read(self.client.get(f"{BASE}{path}.{form}", params), form)

    def get(self, path, form="json", **params):
        """The content of a GET that succeeds."""
        status, content = self.ask(path, form, **params)
        assert status == 200, content
        return content

    def send(self, fields=None, form="json", headers=None, **more):
        """(status, content) of a POST as a form; a file among the values makes it multipart."""
        fields = self.fields(**{**(fields or {}), **more})
        path = f"{BASE}requests.{form}"
        if any(hasattr(one, "read") for value in fields.values() for one in _each(value)):
            return read(self.client.post(path, fields, headers=headers), form)
        body = urlencode(fields, doseq=True)
        return read(self.client.post(path, body, content_type=FORM, headers=headers), form)

    def post(self, fields=None, form="json", **more):
        """The answer's one request, of a POST that succeeds."""
        status, content = self.send(fields, form, **more)
        assert status == 200, content
        (request,) = content
        return request

    def event(self, fields=None, **more):
        """The Event of a POST that succeeds."""
        return Event.objects.get(number=self.post(fields, **more)["service_request_id"])

    def refused(self, status, fields=None, **more):
        """The descriptions of a POST that is refused."""
        found, errors = self.send(fields, **more)
        assert found == status, errors
        return [error["description"] for error in errors]

    def fields(self, **changed):
        """A post that can be accepted, with some fields changed."""
        usual = {
            "api_key": self.key,
            "service_code": "event.0201",
            "lat": BEIYUAN["lat"],
            "long": BEIYUAN["lon"],
            "description": "电线杆上贴满小广告",
        }
        return {name: value for name, value in (usual | changed).items() if value is not None}


def file(content, name="photo.jpg", kind="image/jpeg"):
    """A file in a form."""
    return SimpleUploadedFile(name, content, kind)


def _each(value):
    return value if isinstance(value, list) else [value]


def read(answer, form):
    """(status, content), after the headers and the form of errors were looked at."""
    assert answer["Content-Type"] == TYPES[form]
    content = json.loads(answer.content) if form == "json" else spark(answer.content)
    if answer.status_code >= 400:
        for error in content:
            assert set(error) == {"code", "description"}
            assert error["description"]
    return answer.status_code, content


def spark(body):
    """XML as the JSON that the Spark convention makes of it; all values are texts then."""
    assert body.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return _spark(ElementTree.fromstring(body))  # noqa: S314 - our own


def _spark(element):
    assert not element.attrib
    if element.tag in LISTS:
        assert len({child.tag for child in element}) <= 1
        return [_spark(child) for child in element]
    if len(element):
        return {child.tag: _spark(child) for child in element}
    return element.text


def texts(content):
    """JSON with every value as the text that XML has for it."""
    if isinstance(content, dict):
        return {name: texts(value) for name, value in content.items()}
    if isinstance(content, list):
        return [texts(value) for value in content]
    if isinstance(content, bool):
        return str(content).lower()
    return None if content in (None, "") else str(content)
