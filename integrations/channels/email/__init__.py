"""E-mail by the server of the settings (XIANFENG_MAIL_HOST…)."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.channels.answers import PAUSE_S
from integrations.channels.kind import Kind
from integrations.channels.wording import compose
from integrations.outcome import SENT, Outcome, Verdict

LONGEST = 100_000


class Email(Kind):
    """A plain letter to one person."""

    label = gettext_lazy("电子邮件")
    address = gettext_lazy("邮箱地址")
    personal = True
    options = {"sender": gettext_lazy("发件人地址，默认 XIANFENG_MAIL_FROM")}

    def send(self, channel, message, fetch):
        """Hand it to the mail server; before the letter is handed over trying again is safe."""
        if not settings.EMAIL_HOST:
            return Outcome(Verdict.FAILED, _("没有设置邮件服务器 XIANFENG_MAIL_HOST。"))
        content = message.content
        letter = EmailMessage(
            subject=" ".join(str(content.get("title", "")).split()),
            body=compose({**content, "title": ""}, LONGEST),
            from_email=channel.options.get("sender") or None,
            to=[message.recipient.address],
        )
        server = get_connection()
        try:
            server.open()
        except smtplib.SMTPAuthenticationError:
            return Outcome(Verdict.FAILED, _("邮件服务器不接受用户名或密码。"))
        except (smtplib.SMTPException, OSError) as error:
            reason = _("连接不上邮件服务器：%s。") % type(error).__name__
            return Outcome(Verdict.RETRY, reason, wait_s=PAUSE_S, block=True)
        try:
            server.send_messages([letter])
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return _judge(error)
        finally:
            server.close()
        return SENT


def _judge(error):
    reason = _("邮件没有寄出：%s。") % type(error).__name__
    match error:
        case smtplib.SMTPRecipientsRefused():
            codes = [code for code, _words in error.recipients.values()]
            later = all(400 <= code < 500 for code in codes)
            return Outcome(Verdict.RETRY if later else Verdict.FAILED, reason)
        case smtplib.SMTPResponseException(smtp_code=code):
            return Outcome(Verdict.RETRY if 400 <= code < 500 else Verdict.FAILED, reason)
        case smtplib.SMTPException() | OSError():
            return Outcome(Verdict.UNKNOWN, reason)
    # An address or subject that cannot be written as a letter.
    return Outcome(Verdict.FAILED, reason)


KIND = Email()
