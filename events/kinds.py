"""The kinds of timeline entries: the word people see, the sentence, and the schema of the data.

The sentence is filled from the entry's data; the actor is shown before it.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from events.models import State

TEXT = {"type": "string"}
NAMED = {
    "type": "object",
    "required": ["code", "name"],
    "properties": {"code": TEXT, "name": TEXT},
}
DEPARTMENT = {
    "type": "object",
    "required": ["code", "name", "role"],
    "properties": {"code": TEXT, "name": TEXT, "role": {"enum": ["lead", "support"]}},
}
FILES = {"type": "array", "items": TEXT}
TIME = {"type": ["string", "null"]}


@dataclass(frozen=True)
class Kind:
    """A kind of entry; `required` and `properties` are its data's JSON Schema (2020-12)."""

    label: str
    sentence: str
    properties: dict = field(default_factory=dict)
    required: tuple = ()
    system: bool = True

    @property
    def schema(self):
        """The JSON Schema of the entry's data."""
        return {
            "type": "object",
            "properties": self.properties,
            "required": list(self.required),
            "additionalProperties": False,
        }


def _reasoned(label, sentence, **more):
    return Kind(label, sentence, {"reason": TEXT, **more}, ("reason", *more))


def _noted(label, sentence, **more):
    return Kind(label, sentence, {"text": TEXT, **more}, tuple(more))


# What every entry of the clock says: the stage, the share of its limit, whom it tells. `notify` is
# a word for the outbox (dispatch/models/escalation.py), `also` are more of them for an escalated
# event, `named` the department that a step names, `channel` by which way.
_TOLD = {
    "stage": TEXT,
    "stage_name": TEXT,
    "percent": {"type": "integer"},
    "nth": {"type": "integer"},
    "notify": TEXT,
    "also": {"type": "array", "items": TEXT},
    "named": TEXT,
    "channel": TEXT,
}

KINDS = {
    "registered": Kind(
        _("登记"),
        _("登记事件：{title}"),
        {"title": TEXT, "source": TEXT, "text": TEXT, "attachments": FILES},
        ("title", "source"),
    ),
    "located": Kind(
        _("定位"),
        _("定位到 {place}"),
        {"place": TEXT, "method": TEXT, "confidence": {"type": "number"}},
        ("place", "method", "confidence"),
    ),
    "routed": Kind(
        _("分拨"),
        _("按规则「{rule}」分拨"),
        {"rule": TEXT, "fallback": {"type": "boolean"}},
        ("rule",),
    ),
    "dispatched": Kind(
        _("派遣"),
        _("派遣至 {names}"),
        {"names": TEXT, "departments": {"type": "array", "items": DEPARTMENT}},
        ("names", "departments"),
    ),
    "claimed": Kind(
        _("签收"),
        _("{department_name} 签收"),
        {"department_name": TEXT, "department": TEXT, "instead_of": TEXT, "notify": TEXT},
        ("department_name",),
    ),
    "arrived": Kind(
        _("到场"),
        _("{department_name} 到场"),
        {"department_name": TEXT, "department": TEXT},
        ("department_name",),
    ),
    "posted": Kind(
        _("消息"),
        "{text}",
        {
            "text": TEXT,
            "attachments": FILES,
            "public": {"type": "boolean"},
            # Seqs of the instructions that it answers.
            "answers": {"type": "array", "items": {"type": "integer"}},
        },
        ("text",),
        system=False,
    ),
    "attached": Kind(
        _("附件"),
        _("补充附件 {count} 个"),
        {"count": {"type": "integer"}, "attachments": FILES},
        ("count", "attachments"),
    ),
    "completed": Kind(
        _("办结"),
        _("{department_name} 处置完成：{text}"),
        {"department_name": TEXT, "department": TEXT, "text": TEXT, "attachments": FILES},
        ("department_name", "text"),
    ),
    "handled": Kind(_("处置完毕"), _("全部处置完成，待核查")),
    "returned": _reasoned(_("退回"), _("{department_name} 退回：{reason}"), department_name=TEXT),
    "transferred": _reasoned(
        _("转派"), _("由 {from_name} 转派至 {to_name}：{reason}"), from_name=TEXT, to_name=TEXT
    ),
    "support_requested": Kind(
        _("吹哨"),
        _("请求 {names} 协办：{reason}"),
        {"names": TEXT, "reason": TEXT, "departments": {"type": "array", "items": DEPARTMENT}},
        ("names", "reason"),
    ),
    "support_released": Kind(
        _("解除协办"), _("解除 {names} 协办"), {"names": TEXT, "reason": TEXT}, ("names",)
    ),
    "verified": _noted(_("核查通过"), _("核查通过 {text}")),
    "reworked": _noted(_("返工"), _("核查未通过，返工：{text}")),
    "closed": Kind(_("结案"), _("结案 {text}"), {"text": TEXT, "auto": {"type": "boolean"}}),
    "reopened": _reasoned(_("重开"), _("重新打开：{reason}")),
    "hold_requested": Kind(
        _("申请挂账"), _("申请挂账：{reason}"), {"reason": TEXT, "until": TIME}, ("reason",)
    ),
    "held": Kind(_("挂账"), _("挂账：{reason}"), {"reason": TEXT, "until": TIME}, ("reason",)),
    "resumed": Kind(_("恢复"), _("恢复计时")),
    "extension_requested": Kind(
        _("申请延期"),
        _("申请延期至 {until}：{reason}"),
        {"reason": TEXT, "until": TIME},
        ("reason", "until"),
    ),
    "extension_decided": Kind(
        _("延期审批"),
        _("{decision} {text}"),
        {
            "kind": {"enum": ["extension", "hold"]},
            "granted": {"type": "boolean"},
            "decision": TEXT,
            "text": TEXT,
        },
        ("kind", "granted", "decision"),
    ),
    "urged": Kind(
        _("催办"),
        _("第 {nth} 次催办 {text}"),
        {"text": TEXT, "nth": {"type": "integer"}, "notify": TEXT},
        ("nth", "notify"),
    ),
    "supervised": _noted(
        _("督办"), _("{level_name} {text}"), level=TEXT, level_name=TEXT, notify=TEXT
    ),
    "escalated": Kind(
        _("提级"),
        _("提级至{notify_name} {text}"),
        {"text": TEXT, "level": {"type": "integer"}, "notify": TEXT, "notify_name": TEXT},
        ("level", "notify", "notify_name"),
    ),
    "instructed": _noted(_("批示"), _("批示：{text}"), notify=TEXT),
    "limit_chosen": Kind(
        _("立案条件"),
        _("立案条件定为「{condition}」：{limits}"),
        {"condition": TEXT, "limits": TEXT},
        ("condition", "limits"),
    ),
    "reclassified": Kind(
        _("改类"),
        _("由「{from_name}」改为「{to_name}」"),
        {"from_name": TEXT, "to_name": TEXT, "reason": TEXT},
        ("from_name", "to_name"),
    ),
    "relocated": Kind(
        _("改址"),
        _("位置改为 {place}"),
        {"place": TEXT, "reason": TEXT, "method": TEXT},
        ("place",),
    ),
    "rerouted": _reasoned(_("重新分拨"), _("重新分拨：{reason}")),
    "merged": Kind(_("并入"), _("并入 {into}"), {"into": TEXT}, ("into",)),
    "absorbed": Kind(_("并案"), _("并入事件 {number}"), {"number": TEXT}, ("number",)),
    # In a merged event: what its main event went through. `kind` and `data` are that entry's.
    "progressed": Kind(
        _("主事件进展"),
        _("主事件 {number}：{what}"),
        {
            "number": TEXT,
            "state": TEXT,
            "kind": TEXT,
            "data": {"type": "object", "additionalProperties": {"type": ["string", "boolean"]}},
        },
        ("number", "state"),
    ),
    "unmerged": Kind(_("拆分"), _("从 {number} 拆出"), {"number": TEXT}, ("number",)),
    "split": Kind(_("拆出"), _("拆出事件 {number}"), {"number": TEXT}, ("number",)),
    "cancelled": _reasoned(_("作废"), _("作废：{reason}")),
    "reminded": Kind(
        _("提醒"),
        _("{stage_name}时限已过 {percent}%"),
        _TOLD,
        ("stage", "stage_name", "percent", "notify"),
    ),
    "warned": Kind(
        _("临期"),
        _("{stage_name}临期，{due} 到期"),
        {**_TOLD, "due": TEXT, "due_at": TIME},
        ("stage", "stage_name", "percent", "notify", "due", "due_at"),
    ),
    "overdue": Kind(
        _("超时"),
        _("{stage_name}超时，已通知{notify_name}"),
        {**_TOLD, "notify_name": TEXT},
        ("stage", "stage_name", "percent", "notify", "notify_name"),
    ),
    "recalculated": Kind(
        _("时限重算"),
        _("节假日安排有变，{stage_name}时限改为 {due}"),
        {"stage": TEXT, "stage_name": TEXT, "due": TEXT, "due_at": TIME, "was": TIME},
        ("stage", "stage_name", "due", "due_at", "was"),
    ),
    "silent": Kind(
        _("无动静"),
        _("{department_name} {name} 签收后无动静，请尽快反馈"),
        {"department": TEXT, "department_name": TEXT, "name": TEXT, **_TOLD},
        ("department", "department_name", "name", "notify"),
    ),
    "claim_expired": Kind(
        _("签收失效"),
        _("{department_name} {name} 签收后无动静，同事可重新签收"),
        {"department": TEXT, "department_name": TEXT, "name": TEXT, **_TOLD},
        ("department", "department_name", "name", "notify"),
    ),
    "unanswered": Kind(
        _("批示未回复"),
        _("批示尚未回复，已提醒{notify_name}"),
        {**_TOLD, "notify_name": TEXT, "asked_seq": {"type": "integer"}},
        ("percent", "notify", "notify_name", "asked_seq"),
    ),
    "updated": Kind(
        _("来源更新"), _("来源更新：{text}"), {"text": TEXT, "source": TEXT}, ("text",)
    ),
    # A station's water is gone; whether the event is over, people decide.
    "receded": Kind(_("退水"), "{text}", {"text": TEXT, "source": TEXT}, ("text",)),
    "withdrawal_asked": Kind(
        _("来源撤单"),
        _("来源要求撤单，请决定是否作废：{reason}"),
        {"reason": TEXT, "source": TEXT},
        ("reason",),
    ),
    "return_granted": Kind(_("退单同意"), _("来源同意退单 {text}"), {"text": TEXT, "source": TEXT}),
    "return_refused": Kind(
        _("退单驳回"), _("来源驳回退单，请继续处置 {text}"), {"text": TEXT, "source": TEXT}
    ),
    "rated": Kind(
        _("评价"),
        _("{rating} {text}"),
        {
            "satisfied": {"type": ["boolean", "null"]},
            "solved": {"type": ["boolean", "null"]},
            "rating": TEXT,
            "text": TEXT,
            "source": TEXT,
        },
        ("satisfied", "solved", "rating"),
    ),
}


class _Blank(dict):
    def __missing__(self, key):
        return ""


def _progress(data):
    if "kind" in data:
        return summary(data["kind"], data.get("data", {}))
    return str(State(data["state"]).label)


def summary(kind, data):
    """The entry's sentence in the active language, without the actor."""
    if kind == "progressed":
        data = {**data, "what": _progress(data)}
    return str(KINDS[kind].sentence).format_map(_Blank(data)).strip()
