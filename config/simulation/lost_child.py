"""The newspaper case: a child is lost in 北园社区, and found in less than twenty minutes."""

import time
import uuid
from datetime import datetime

from config.simulation.door import Failed, Person, wait
from config.simulation.picture import street
from config.simulation.screen import Screen

PLACE = {"lon": 113.265558, "lat": 23.139514, "crs": "WGS84", "accuracy_m": 15}
TEXT = "一名 6 岁男童在北园酒家附近与家人走散，身高约 1.15 米，穿蓝色短袖、背黄色书包。"
# Who must see it, and two who must not: another street, and an office of the street without a part.
WATCHERS = (
    "grid.beiyuan",
    "duty.hongqiao",
    "police.hongqiao",
    "committee.beiyuan",
    "supervisor.hongqiao",
    "supervisor",
)
STRANGERS = ("duty.beijing", "cityops.hongqiao")
# Seconds after the report as the newspaper tells it, who, what, and the action's fields.
SCRIPT = (
    (45, "duty.hongqiao", "claim", {}),
    (70, "police.hongqiao", "claim", {}),
    (95, "committee.beiyuan", "claim", {}),
    (110, "duty.hongqiao", "post", {"text": "已通知派出所、社区和周边网格员，请按片区分头寻找。"}),
    (150, "police.hongqiao", "post", {"text": "正在调看周边道路监控{cameras}。"}),
    (240, "police.hongqiao", "arrive", {}),
    (300, "committee.beiyuan", "arrive", {}),
    (360, "grid.beiyuan", "post", {"text": "家长在现场，孩子可能往公园方向走。"}),
    (540, "police.hongqiao", "post", {"text": "监控看到孩子 8 分钟前独自沿小北路向南。"}),
    (
        780,
        "committee.beiyuan",
        "post",
        {"text": "在小北路口便利店门前找到孩子，平安。", "photo": "near"},
    ),
    (900, "police.hongqiao", "complete", {"text": "已核对身份，孩子交还家长。"}),
    (960, "committee.beiyuan", "complete", {"text": "已安抚家长，社区将回访。"}),
    (1050, "duty.hongqiao", "complete", {"text": "孩子平安，各方处置完毕。", "photo": "after"}),
    (1140, "supervisor.hongqiao", "verify", {"passed": True, "text": "已电话核实，家长满意。"}),
)
# How long the last screen may take before we say that it never came.
SCREEN_SECONDS = 10
NEWSPAPER = {"respond": 120, "handle": 1200}


def play(door, say, pace="fast"):
    """Play the case and say its clock; raises Failed when anything is not as it must be.

    `pace` real keeps the newspaper's times, about nineteen minutes; fast goes on at once.
    """
    people = {name: Person(door, name) for name in (*WATCHERS, *STRANGERS)}
    screens = {}
    try:
        for person in people.values():
            person.sign_in()
        for name, person in people.items():
            screens[name] = Screen(person, _topics(name))
        tapped = time.monotonic()
        event = people["grid.beiyuan"].post(
            "reports/",
            {
                "client_id": str(uuid.uuid4()),
                "category": "emergency.lost-person",
                "text": TEXT,
                "location": PLACE,
            },
            expect=(201,),
        )
        accepted = time.monotonic()
        number = event["number"]
        say(f"走失儿童 · 事件 {number} · {event['area']['community']['name']}")
        say(f"  受理 {accepted - tapped:.2f} 秒；派遣：{_assigned(event)}")
        _say_screens(say, people, screens, event, tapped)
        _act(people, screens, number, pace, tapped)
        closed = people["supervisor.hongqiao"].get(f"events/{number}/")
        entries = _timeline(people["supervisor.hongqiao"], number)
        _check_screens(screens, number, entries)
        _say_clock(say, screens, number, entries, tapped)
        _say_verdict(say, closed, entries)
    finally:
        for screen in screens.values():
            screen.close()


def _topics(username):
    return ("desk", "area:440104") if username == "supervisor" else ("desk",)


def _assigned(event):
    words = {"lead": "主办", "support": "协办"}
    return "，".join(
        f"{words[row['role']]} {row['department']['name']}" for row in event["assignments"]
    )


def _say_screens(say, people, screens, event, tapped):
    say("上屏（从点下“上报”算起）：")
    for name in WATCHERS:
        at = screens[name].wait_for(event["number"], 1, SCREEN_SECONDS)
        if at is None:
            raise Failed(f"{people[name]} 的屏幕 {SCREEN_SECONDS} 秒内没有出现这个事件")
        say(f"  {at - tapped:6.2f} 秒  {people[name]}")


def _act(people, screens, number, pace, tapped):
    for seconds, name, action, fields in SCRIPT:
        if pace == "real":
            wait(max(0, tapped + seconds - time.monotonic()))
        person, fields = people[name], dict(fields)
        if role := fields.pop("photo", ""):
            fields["attachments"] = [person.upload(street(name), role)]
        if "{cameras}" in fields.get("text", ""):
            fields["text"] = fields["text"].format(cameras=_cameras(person, number))
        event = person.act(number, action, **fields)
        # The next one acts on what the screen shows, as people do.
        if screens["supervisor"].wait_for(number, event["seq"], SCREEN_SECONDS) is None:
            raise Failed(f"{person} 的“{action}” {SCREEN_SECONDS} 秒内没有到达区级大屏")


def _cameras(person, number):
    found = person.get(f"events/{number}/nearby/?kind=camera&radius_m=500")["results"]
    names = "、".join(place["name"] for place in found[:3])
    return f" {len(found)} 路（{names} 等）" if found else ""


def _timeline(person, number):
    entries, after = [], 0
    while True:
        page = person.get(f"events/{number}/timeline/?after={after}")
        entries += page["results"]
        if not page["next"] or not page["results"]:
            return entries
        after = entries[-1]["seq"]


def _check_screens(screens, number, entries):
    expected = [entry["seq"] for entry in entries]
    if expected != list(range(1, len(expected) + 1)):
        raise Failed(f"时间线序号有缺口：{expected}")
    for name in WATCHERS:
        screens[name].wait_for(number, expected[-1], SCREEN_SECONDS)
        seen = screens[name].seqs(number)
        if seen != expected:
            raise Failed(f"{screens[name].person} 的屏幕收到 {seen}，应为 1…{expected[-1]}")
    for name in STRANGERS:
        if screens[name].seqs(number):
            raise Failed(f"{screens[name].person} 不该看到这个事件，却看到了")


def _say_clock(say, screens, number, entries, tapped):
    say("时间线（秒从登记算起；“到屏”是最慢一块屏幕收到的时间，从点下“上报”算起）：")
    start = _time(entries[0])
    for entry in entries:
        last = max(screens[name].arrival(number, entry["seq"]) for name in WATCHERS) - tapped
        actor = entry["actor"]
        who = " · ".join(filter(None, (actor["department"], actor["name"]))) if actor else "系统"
        seconds = (_time(entry) - start).total_seconds()
        say(f"  {seconds:8.2f}  到屏 {last:8.2f}  {entry['label']}  {who}  {entry['summary']}")


def _say_verdict(say, event, entries):
    start = _time(entries[0])

    def first(kind, department=None):
        for entry in entries:
            of = (entry["actor"] or {}).get("department")
            if entry["kind"] == kind and department in (None, of):
                return (_time(entry) - start).total_seconds()
        raise Failed(f"时间线里没有“{kind}”")

    rows = (
        ("街道应急办响应", first("claimed", "洪桥街道应急办公室"), "2 分钟", NEWSPAPER["respond"]),
        ("派出所响应", first("claimed", "洪桥派出所"), "同时（2 分钟）", NEWSPAPER["respond"]),
        ("处置完毕", first("handled"), "不到 20 分钟", NEWSPAPER["handle"]),
    )
    say("与报纸案例相比：")
    for label, seconds, newspaper, limit in rows:
        mark = "✓" if seconds <= limit else "✗ 超时"
        say(f"  {label:<8} {_duration(seconds)}  报纸：{newspaper}  {mark}")
    say(f"  {'核查结案':<8} {_duration(first('closed'))}")
    late = [row["stage"] for row in event["deadlines"] if row["state"] == "missed"]
    if event["state"] != "closed":
        raise Failed(f"事件没有结案，停在 {event['state']}")
    if late or any(seconds > limit for _label, seconds, _newspaper, limit in rows):
        raise Failed(f"比报纸案例慢，或有时限超时：{late}")
    say(
        f"  {len(WATCHERS)} 块屏幕各收到全部 {len(entries)} 条记录，"
        f"无关人员的 {len(STRANGERS)} 块屏幕一条也没有。"
    )


def _time(entry):
    return datetime.fromisoformat(entry["at"])


def _duration(seconds):
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)} 分 {rest:04.1f} 秒" if minutes else f"{rest:.2f} 秒"
