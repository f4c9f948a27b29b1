"""The settings of a source as a form: every value is one that the inbox can work with."""

import codecs
import json
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geo.coordinates import SYSTEMS
from integrations.models import Source
from integrations.pages import hiding
from integrations.signatures import schemes
from integrations.sources import kinds

KIB, MIB = 1024, 1024 * 1024


class OptionsField(forms.CharField):
    """A JSON object in a text field; keys in it are shown masked and kept when left so."""

    widget = forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "input code"})

    def __init__(self, **kwargs):
        self.kept = {}
        super().__init__(required=False, max_length=20_000, **kwargs)

    def prepare_value(self, value):
        if isinstance(value, str):
            return value
        return json.dumps(hiding.hidden(value or {}), ensure_ascii=False, indent=2)

    def clean(self, value):
        text = super().clean(value)
        try:
            found = json.loads(text or "{}")
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(
                _("不是有效的 JSON（第 %(line)s 行）：请检查引号和逗号。")
                % {"line": getattr(error, "lineno", 1)}
            ) from None
        if not isinstance(found, dict):
            raise forms.ValidationError(_('参数应为 JSON 对象，例如 {"url": "https://…"}。'))
        try:
            return hiding.restored(found, self.kept)
        except hiding.NothingKept as problem:
            raise forms.ValidationError(str(problem)) from None


class SourceForm(forms.ModelForm):
    """Settings of an existing Source."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"))
    scheme = forms.ChoiceField(label=gettext_lazy("签名方式"))
    crs = forms.ChoiceField(label=gettext_lazy("坐标系"))
    max_bytes = forms.IntegerField(
        label=gettext_lazy("单条上限（字节）"), min_value=KIB, max_value=64 * MIB
    )
    per_minute = forms.IntegerField(
        label=gettext_lazy("每分钟上限"), min_value=1, max_value=1_000_000
    )
    skew_seconds = forms.IntegerField(
        label=gettext_lazy("时钟偏差上限（秒）"), min_value=1, max_value=86_400
    )
    pull_every_s = forms.IntegerField(
        label=gettext_lazy("拉取间隔（秒，0 为不拉取）"), min_value=0, max_value=7 * 86_400
    )
    options = OptionsField(label=gettext_lazy("参数"))

    class Meta:
        model = Source
        fields = [
            "name",
            "active",
            "kind",
            "scheme",
            "crs",
            "axes",
            "time_zone",
            "encoding",
            "max_bytes",
            "per_minute",
            "skew_seconds",
            "pull_every_s",
            "options",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _choices(
            {name: str(kind.label or name) for name, kind in kinds().items()}, self.instance.kind
        )
        self.fields["scheme"].choices = _choices(
            {name: str(found.label or name) for name, found in schemes().items()},
            self.instance.scheme,
        )
        self.fields["crs"].choices = [(name, name) for name in SYSTEMS]
        self.fields["options"].kept = self.instance.options
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs.setdefault("class", "input")

    def clean_time_zone(self):
        """A zone that the system knows."""
        name = self.cleaned_data["time_zone"]
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise forms.ValidationError(_("没有这个时区，例如 Asia/Shanghai。")) from None
        return name

    def clean_encoding(self):
        """A text encoding that Python knows."""
        name = self.cleaned_data["encoding"]
        try:
            text = codecs.lookup(name)._is_text_encoding
        except (LookupError, ValueError):
            text = False
        if not text:
            raise forms.ValidationError(_("没有这种编码，例如 utf-8、gb18030。"))
        return name


class NewSourceForm(SourceForm):
    """A source that is not there yet; its code is its address and stays."""

    class Meta(SourceForm.Meta):
        fields = ["code", "name", "kind", "scheme"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(self.Meta.fields):
            del self.fields[name]


def _choices(known, present):
    """Choices of {value: label}; a present value that nobody knows any more stays choosable."""
    if present and present not in known:
        known = {present: _("%(name)s（已不可用）") % {"name": present}, **known}
    return sorted(known.items())
