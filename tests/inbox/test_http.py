"""The only way out: allowed addresses only, bounded in time and bytes, and honest about doubt."""

import socket

import pytest

from integrations import outbound
from integrations.http import NoAnswer, Refused, TooLarge, Unreachable, fetch
from tests.channels.stub import drip, hang_up, never, running


@pytest.fixture
def service(settings):
    """A neighbour that answers with what it was asked."""

    def echo(handler):
        handler.say(200, handler.server.service.last.body or handler.path.encode())

    with running(echo) as stub:
        settings.XIANFENG_OUTBOUND_ALLOW = [f"127.0.0.1:{stub.port}"]
        yield stub


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0",
        "2130706433",
        "0x7f.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fc00::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ],
)
def test_what_lies_inside_is_refused(settings, host):
    settings.XIANFENG_OUTBOUND_ALLOW = []
    with pytest.raises(Refused):
        fetch(f"http://{host}/", timeout=2)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "//host/",
        "ftp://host/",
        "file:///etc/passwd",
        "http://",
        "http:///x",
        "http://user@host/",
        "http://host:99999/",
        "http://[::1/",
        None,
        7,
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(Refused):
        fetch(url)


@pytest.mark.parametrize("entry", ["127.0.0.1", "127.0.0.0/8", "::ffff:127.0.0.1/128", "localhost"])
def test_what_is_listed_is_allowed(service, settings, entry):
    settings.XIANFENG_OUTBOUND_ALLOW = [entry]
    host = "localhost" if entry == "localhost" else "127.0.0.1"
    if entry.startswith("::"):
        with pytest.raises(Refused):
            fetch(f"http://{host}:{service.port}/a")
    else:
        assert fetch(f"http://{host}:{service.port}/a").body == b"/a"


def test_a_listed_port_is_no_other_port(service, settings):
    settings.XIANFENG_OUTBOUND_ALLOW = [f"127.0.0.1:{service.port + 1}"]
    with pytest.raises(Refused):
        fetch(service.url)


def test_the_connection_goes_to_the_address_that_was_looked_at(service, monkeypatch):
    """A name that means another address at every look leads nowhere else."""
    real, asked = socket.getaddrinfo, []

    def resolve(host, port, *args, **kwargs):
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return real(address, port, *args, **kwargs)

    connected = []

    def connect(self, host, port, *args):
        connected.append(host)
        raise outbound.httpcore.ConnectError("stop here")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(outbound.httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(Unreachable):
        fetch("http://changing.example/")
    assert asked == ["changing.example"]
    assert connected == ["93.184.216.34"]


def test_a_redirect_is_followed_only_to_where_we_may_go(service):
    inside = "http://localhost:1/"
    moved = (302, b"", {"Location": inside})
    service.answers[:] = [moved]
    assert fetch(service.url).status == 302
    with pytest.raises(Refused):
        fetch(service.url, redirects=3)
    service.answers[:] = [(302, b"", {"Location": "/next"}), (200, b"here")]
    assert fetch(service.url, redirects=1, headers={"X-Key": "hush"}).body == b"here"
    assert "x-key" not in service.last.headers


def test_redirects_end(service):
    service.answers[:] = [(302, b"", {"Location": "/again"})]
    assert fetch(service.url, redirects=3).status == 302
    assert len(service.requests) == 4


def test_what_is_sent_is_what_was_meant(service):
    assert fetch(f"{service.url}/路?词=一 二").body.startswith(b"/%E8%B7%AF?%E8%AF%8D=")
    assert fetch(service.url, method="POST", json={"词": "一"}).json() == {"词": "一"}
    assert service.last.headers["content-type"] == "application/json"
    assert fetch(service.url, method="POST", data={"a": "一"}).text == "a=%E4%B8%80"
    assert fetch(service.url, method="POST", data="一").text == "一"
    assert fetch(service.url, method="POST", data=b"<a/>", headers={"Content-Type": "text/xml"})
    assert service.last.headers["content-type"] == "text/xml"


def test_header_injection_is_refused(service):
    with pytest.raises(Refused):
        fetch(service.url, headers={"X-A": "a\r\nX-B: b"})
    assert service.requests == []


def test_an_answer_without_end_is_cut_off(service):
    service.answers[:] = [(200, b"x" * 5000)]
    with pytest.raises(TooLarge) as caught:
        fetch(service.url, max_bytes=1000)
    assert caught.value.status == 200


@pytest.mark.parametrize("answer", [never, drip, hang_up])
def test_after_the_request_went_out_nobody_knows(service, answer):
    service.answers[:] = [answer]
    with pytest.raises(NoAnswer):
        fetch(service.url, method="POST", json={}, timeout=0.2)


def test_where_nobody_listens_nothing_was_sent(service, settings):
    settings.XIANFENG_OUTBOUND_ALLOW = ["127.0.0.1"]
    with pytest.raises(Unreachable) as caught:
        fetch("http://127.0.0.1:1/", timeout=1)
    assert type(caught.value) is Unreachable


def test_a_name_that_nobody_has_is_unreachable(monkeypatch):
    def nobody(*args, **kwargs):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(Unreachable) as caught:
        fetch("http://nobody.example/")
    assert type(caught.value) is Unreachable


def test_whatever_the_status_the_answer_is_read(service):
    service.answers[:] = [(500, b"<html>", {"X-Reason": "no"})]
    answer = fetch(service.url)
    assert (answer.status, answer.text, answer.headers["x-reason"]) == (500, "<html>", "no")
    with pytest.raises(ValueError):  # noqa: PT011 - any of json's
        answer.json()
