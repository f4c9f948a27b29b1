"""What a kind of channel must be able to do: say something, within its limits."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from integrations.outcome import Outcome, Verdict


@dataclass(frozen=True)
class Notice:
    """What people are told: a title, a text, where to look. Never a telephone number."""

    title: str
    text: str
    url: str = ""
    number: str = ""
    urgent: bool = False


class Kind:
    """A kind of channel. Limits are those of the service; 0 is none.

    `personal`: it reaches people by their Contact rather than a group by the channel alone.
    `entries`: it carries every entry to a system, instead of notices to people.
    `idempotent`: the same message twice is once for the other side, so it may be sent again when
    nobody knows whether it arrived.
    `kinds`: the timeline kinds that it carries unless the Channel says otherwise; none means all.
    `options`: what each option of a Channel is, by its name; `required` of them must be there,
    `secrets` are to be hidden. `address`: what a Contact's address is, of a personal kind.
    """

    label = ""
    address = ""
    options = {}
    required = ()
    secrets = ()
    per_minute = 0
    personal = False
    entries = False
    idempotent = False
    kinds = ()

    def send(self, channel, message, fetch):
        """Send an OutboundMessage; an Outcome. Never raises for what the other side does.

        `message.content` is a Notice's fields, `message.recipient` the Contact of a personal kind.
        `fetch(url, **options)` is integrations/http.py's, guarded against private addresses.
        """
        raise NotImplementedError

    def lacking(self, channel):
        """The Outcome of a channel that cannot send because options are missing, else None."""
        names = [name for name in self.required if not channel.options.get(name)]
        if not names:
            return None
        return Outcome(Verdict.FAILED, _("通道缺少参数：%s。") % "、".join(names))

    @staticmethod
    def on(channel, name):
        """Whether a yes/no option is on, written as JSON or as a word."""
        return channel.options.get(name) in (True, 1, "1", "true", "yes", "on")
