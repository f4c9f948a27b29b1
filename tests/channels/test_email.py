"""E-mail: a plain letter, and what each failure of a mail server means."""

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from tests.channels.conftest import NOTICE


@pytest.fixture(autouse=True)
def _server(settings):
    settings.EMAIL_HOST = "mail.example"


def test_the_letter_has_title_text_and_address(say):
    assert say("email", {}, address="a@example.com").verdict == "sent"
    (letter,) = mail.outbox
    assert letter.to == ["a@example.com"]
    assert letter.subject == NOTICE["title"]
    assert letter.body == f"{NOTICE['text']}\n{NOTICE['url']}"


def test_a_title_cannot_add_headers(say):
    assert (
        say("email", {}, {"title": "a\r\nBcc: x@y", "text": "b"}, address="a@b").verdict == "sent"
    )
    assert mail.outbox[0].subject == "a Bcc: x@y"


def test_without_a_mail_server_the_reason_names_the_setting(say, settings):
    settings.EMAIL_HOST = ""
    assert "XIANFENG_MAIL_HOST" in say("email", {}, address="a@b").reason
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (smtplib.SMTPAuthenticationError(535, b"no"), "failed"),
        (ConnectionRefusedError(), "retry"),
        (TimeoutError(), "retry"),
        (smtplib.SMTPServerDisconnected(), "retry"),
    ],
)
def test_until_the_letter_is_handed_over_nothing_has_happened(say, monkeypatch, error, verdict):
    def fail(self):
        raise error

    monkeypatch.setattr(EmailBackend, "open", fail)
    assert say("email", {}, address="a@b").verdict == verdict


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b": (550, b"no such user")}), "failed"),
        (smtplib.SMTPRecipientsRefused({"a@b": (450, b"later")}), "retry"),
        (smtplib.SMTPDataError(552, b"too big"), "failed"),
        (smtplib.SMTPDataError(451, b"later"), "retry"),
        (smtplib.SMTPServerDisconnected(), "unknown"),
        (TimeoutError(), "unknown"),
        (ValueError("invalid address"), "failed"),
    ],
)
def test_afterwards_it_depends_on_who_failed(say, monkeypatch, error, verdict):
    def fail(self, letters):
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    outcome = say("email", {}, address="a@b")
    assert outcome.verdict == verdict
    assert "a@b" not in outcome.reason
