"""Open311 GeoReport v2: keys, services with their questions, and the requests that came in."""

import hashlib
import secrets

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from events import moment
from events.models import Category, Event

# Emergencies are neither taken nor shown here: GeoReport is for what can wait, in public.
PRIVATE_SCHEMES = ("emergency",)
CODE = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z", _("只用字母、数字、点、横线和下划线。"))


class ApiKey(models.Model):
    """An app or system that may post service requests; only the key's digest is kept.

    `tokens`: its posts are answered with a token instead of the id (GeoReport's `batch`).
    """

    name = models.CharField(_("名称"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    active = models.BooleanField(_("启用"), default=True)
    expires_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    per_minute = models.PositiveIntegerField(_("每分钟上限"), default=120)
    tokens = models.BooleanField(_("回执用令牌而不是编号"), default=False)

    class Meta:
        verbose_name = _("Open311 密钥")
        verbose_name_plural = _("Open311 密钥")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @staticmethod
    def digest_of(text):
        """The digest under which a key's text is kept."""
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def issue(cls, name, text="", **fields):
        """(ApiKey, its text), saved; the text is made up unless given, and shown only once."""
        key = cls(name=name, **fields)
        text = key.make(text)
        key.save()
        return key, text

    def make(self, text=""):
        """Give it a text, made up unless given, and return it; only its digest is kept."""
        text = text or secrets.token_urlsafe(24)
        self.digest = self.digest_of(text)
        return text


class Service(models.Model):
    """A type of request that the public may post; its requests become events of `category`.

    `public`: events of the category that came in by other doors are listed too.
    """

    code = models.CharField(_("代码"), max_length=64, unique=True, validators=[CODE])
    name = models.CharField(_("名称"), max_length=120)
    description = models.CharField(_("说明"), max_length=500, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="+", verbose_name=_("事件分类")
    )
    group = models.CharField(_("分组"), max_length=60, blank=True)
    keywords = models.CharField(_("关键词（逗号分隔）"), max_length=200, blank=True)
    notice = models.CharField(_("受理说明"), max_length=300, blank=True)
    public = models.BooleanField(_("公开其他来源的同类事件"), default=False)
    active = models.BooleanField(_("启用"), default=True)
    order = models.PositiveIntegerField(_("次序"), default=0)
    # Of it or its questions: what discovery tells clients to look at.
    changed_at = models.DateTimeField(default=moment.now, editable=False)

    class Meta:
        verbose_name = _("Open311 服务")
        verbose_name_plural = _("Open311 服务")
        ordering = ["order", "code"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """Write it, and when."""
        self.changed_at = moment.now()
        super().save(*args, **kwargs)

    def clean(self):
        """Refuse a class of the emergency scheme."""
        if self.category_id and self.category.scheme in PRIVATE_SCHEMES:
            raise ValidationError({"category": _("应急分类不对外开放。")})


class Datatype(models.TextChoices):
    """How a question is answered; the values are GeoReport's."""

    STRING = "string", _("一行文字")
    NUMBER = "number", _("数字")
    DATETIME = "datetime", _("时间")
    TEXT = "text", _("多行文字")
    SINGLE = "singlevaluelist", _("单选")
    MULTI = "multivaluelist", _("多选")


class ServiceAttribute(models.Model):
    """A question that a service asks. Without `variable` it only tells the citizen something.

    `values` are the options of a list: [{"key": str, "name": str}].
    """

    service = models.ForeignKey(Service, models.CASCADE, related_name="attributes")
    code = models.CharField(_("代码"), max_length=60, validators=[CODE])
    datatype = models.CharField(_("类型"), max_length=20, choices=Datatype)
    required = models.BooleanField(_("必填"), default=False)
    variable = models.BooleanField(_("需要作答"), default=True)
    description = models.CharField(_("问题"), max_length=300)
    datatype_description = models.CharField(_("填写提示"), max_length=300, blank=True)
    values = models.JSONField(_("选项"), default=list, blank=True)
    order = models.PositiveIntegerField(_("次序"))

    class Meta:
        verbose_name = _("Open311 问题")
        verbose_name_plural = _("Open311 问题")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["service", "code"], name="open311_attribute_code"),
            models.UniqueConstraint(fields=["service", "order"], name="open311_attribute_order"),
        ]

    def __str__(self):
        return self.description

    @property
    def listed(self):
        """Whether it is answered from a list."""
        return self.datatype in (Datatype.SINGLE, Datatype.MULTI)

    def clean(self):
        """Refuse a list without options, and options that are not {key, name}."""
        if not isinstance(self.values, list) or not all(map(_is_option, self.values)):
            raise ValidationError({"values": _('应为 [{"key": …, "name": …}, …]。')})
        keys = [option["key"] for option in self.values]
        if len(set(keys)) < len(keys):
            raise ValidationError({"values": _("选项的 key 不能重复。")})
        if self.listed != bool(keys):
            raise ValidationError({"values": _("单选和多选需要选项，其他类型不能有。")})


def _is_option(value):
    return (
        isinstance(value, dict)
        and set(value) == {"key", "name"}
        and all(isinstance(text, str) and text for text in value.values())
    )


class ServiceRequest(models.Model):
    """An event that came in by a key, as it was asked for; written with the event.

    `description` is what may be shown of the citizen's words (integrations/masking.py); `answers`
    are {attribute code: [value]} and shown to nobody outside.
    """

    event = models.OneToOneField(Event, models.PROTECT, related_name="open311")
    key = models.ForeignKey(ApiKey, models.PROTECT, related_name="requests")
    service = models.ForeignKey(Service, models.PROTECT, related_name="requests")
    description = models.TextField(blank=True)
    answers = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("Open311 请求")
        verbose_name_plural = _("Open311 请求")

    def __str__(self):
        return f"{self.service_id}: {self.event_id}"
