"""The server's HTTP door, as the apps of the district's people use it."""

import http.client
import json
import threading
import uuid
from urllib.parse import urlsplit

from config.demo import PASSWORD

# Seconds; generous, since a laptop that also runs a browser and a bench still plays to the end.
TIMEOUT = 60
# A busy or rate-limited server says when to come back; this many times we do.
PATIENCE = 6
_pause = threading.Event()


class Failed(Exception):
    """The platform did not do what it must; the message says what happened, for a person."""


def wait(seconds):
    """Let `seconds` pass."""
    _pause.wait(seconds)


class Door:
    """One kept-alive connection to `url`."""

    def __init__(self, url):
        parts = urlsplit(url if "//" in url else f"http://{url}")
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        if parts.scheme not in kinds or not parts.hostname:
            raise Failed(f"地址 {url} 不对，应像 http://127.0.0.1:8000")
        self.url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self.live_url = f"ws{self.url.removeprefix('http')}/ws/v1/live/"
        self._path = parts.path.rstrip("/")
        self._connection = kinds[parts.scheme](parts.hostname, parts.port, timeout=TIMEOUT)
        self._lock = threading.Lock()
        self.requests = 0

    def request(self, method, path, body=None, headers=None):
        """(status, JSON answer). Waits when the server asks to; raises Failed when nobody answers.

        `body` is JSON data, or bytes that `headers` describe.
        """
        headers = {"Accept": "application/json", **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        for _attempt in range(PATIENCE):
            status, later, data = self._once(method, f"{self._path}{path}", body, headers)
            if status not in (429, 503) or later is None:
                break
            wait(int(later))
        try:
            return status, json.loads(data) if data else None
        except ValueError:
            raise Failed(f"{method} {path} 的回答不是 JSON（{status}）：{data[:200]!r}") from None

    def _once(self, method, path, body, headers):
        with self._lock:
            self.requests += 1
            for last in (False, True):
                try:
                    self._connection.request(method, path, body, headers)
                    answer = self._connection.getresponse()
                    return answer.status, answer.headers.get("Retry-After"), answer.read()
                except (OSError, http.client.HTTPException) as error:
                    # A kept-alive connection may have been closed in between: once more. Every
                    # POST carries an Idempotency-Key, so that twice is once.
                    self._connection.close()
                    if last:
                        raise Failed(
                            f"{self.url} 没有回应：{error or type(error).__name__}"
                        ) from None
        raise AssertionError

    def close(self):
        """Hang up."""
        self._connection.close()


class Person:
    """Somebody with an account; signs in when first needed."""

    def __init__(self, door, username):
        self.door = door
        self.username = username
        self._token = None
        self.name = self.department = ""

    @property
    def token(self):
        """The person's API token."""
        self.sign_in()
        return self._token

    def sign_in(self):
        """Sign in once. Raises Failed when the door stays shut."""
        if self._token is None:
            credentials = {"username": self.username, "password": PASSWORD}
            status, answer = self.door.request("POST", "/api/v1/auth/token/", credentials)
            if status != 200:
                raise Failed(f"{self.username} 登录失败（{status}）：{_detail(answer)}")
            self._token = answer["token"]
            me = self.get("me/")
            self.name = me["name"]
            self.department = (me["department"] or {}).get("name", "")

    def __str__(self):
        return (
            f"{self.name}（{self.department}）" if self.department else self.name or self.username
        )

    def get(self, path):
        """The JSON at `/api/v1/<path>`. Raises Failed unless it is 200."""
        return self._call("GET", path, None, {}, (200,))

    def post(self, path, body, expect=(200, 201)):
        """The answer to a POST. Raises Failed when its status is not expected."""
        return self._call("POST", path, body, {"Idempotency-Key": str(uuid.uuid4())}, expect)

    def act(self, number, action, **fields):
        """Do `action` on an event; returns the event. Raises Failed when it is refused."""
        return self.post(f"events/{number}/{action}/", fields)

    def upload(self, picture, role=""):
        """Upload a JPEG; returns its id."""
        boundary = uuid.uuid4().hex
        fields = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in (("role", role), ("client_id", uuid.uuid4()))
        )
        file = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        )
        body = f"{fields}{file}".encode() + picture + f"\r\n--{boundary}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._call("POST", "attachments/", body, kind, (200, 201))["id"]

    def _call(self, method, path, body, headers, expect):
        headers = {"Authorization": f"Token {self.token}", **headers}
        status, answer = self.door.request(method, f"/api/v1/{path}", body, headers)
        if status not in expect:
            raise Failed(f"{self} {method} {path} → {status}：{_detail(answer)}")
        return answer


def _detail(answer):
    return answer.get("detail", answer) if isinstance(answer, dict) else answer
