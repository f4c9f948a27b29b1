"""The settings of a channel as a form: one field for each option of its kind, keys hidden."""

import json

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch.models import Department
from events.kinds import KINDS
from integrations.channels import kinds
from integrations.models import Channel
from integrations.pages import hiding

OPTION = "option:"


class NewChannelForm(forms.ModelForm):
    """A channel that is not there yet; code and kind stay as they are from then on."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"))

    class Meta:
        model = Channel
        fields = ["code", "name", "kind"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = sorted(
            (name, str(kind.label or name)) for name, kind in kinds().items()
        )
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"


class ChannelForm(forms.ModelForm):
    """Settings of an existing Channel; an option left hidden or empty keeps its key."""

    departments = forms.ModelMultipleChoiceField(
        Department.objects.filter(active=True).order_by("code"),
        label=gettext_lazy("部门"),
        required=False,
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("时间线种类"),
        required=False,
        choices=[(name, kind.label) for name, kind in KINDS.items()],
    )
    per_minute = forms.IntegerField(
        label=gettext_lazy("每分钟上限（0 为类型默认）"), min_value=0, max_value=100_000
    )

    class Meta:
        model = Channel
        fields = ["name", "active", "per_minute", "departments", "kinds"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kinds().get(self.instance.kind)
        for name, label in (self.kind.options if self.kind else {}).items():
            self.fields[OPTION + name] = self._option(name, label)
        for name in ("name", "per_minute"):
            self.fields[name].widget.attrs["class"] = "input"

    def _option(self, name, label):
        value = self.instance.options.get(name, "")
        secret = name in self.kind.secrets
        field = forms.CharField(
            label=label, required=name in self.kind.required and not value, max_length=4000
        )
        field.initial = "" if secret else _text(hiding.hidden(value, ""))
        field.widget.attrs.update({"class": "input", "autocomplete": "off", "spellcheck": "false"})
        if secret:
            field.help_text = _("已设置，留空则不改。") if value else ""
            field.widget.attrs["placeholder"] = hiding.HIDDEN if value else ""
        return field

    def options(self):
        """The bound fields of the kind's options."""
        return [self[name] for name in self.fields if name.startswith(OPTION)]

    def department_picks(self):
        """[(id, name, picked)] of all departments; hundreds, so no widget draws them."""
        return self._picks(
            "departments", self.fields["departments"].queryset.values_list("pk", "name")
        )

    def kind_picks(self):
        """[(kind, label, picked)] of all kinds of entries."""
        return self._picks("kinds", self.fields["kinds"].choices)

    def _picks(self, name, choices):
        picked = {str(getattr(one, "pk", one)) for one in self[name].value() or ()}
        return [(value, label, str(value) in picked) for value, label in choices]

    def clean(self):
        """What was typed becomes the options; empty secrets stay as they were."""
        cleaned = super().clean()
        self.changed_options = []
        options = dict(self.instance.options)
        for name in self.kind.options if self.kind else ():
            if OPTION + name in cleaned:
                self._take(options, name, cleaned[OPTION + name])
        self.instance.options = options
        return cleaned

    def _take(self, options, name, text):
        old = options.get(name)
        if name in self.kind.secrets and not text:
            return
        if text == self.fields[OPTION + name].initial and name not in self.kind.secrets:
            return
        if "●" in text:
            self.add_error(OPTION + name, _("含有 ●：请填写完整的值，或恢复原样。"))
            return
        if text == "":
            options.pop(name, None)
        else:
            options[name] = _value(text, old)
        self.changed_options.append(name)


def _text(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _value(text, old):
    """What was typed, as JSON where the old value was no text."""
    if old is None or isinstance(old, str):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
