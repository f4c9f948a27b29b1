"""The simulation plays the district through a real server's doors, and tells when one is shut."""

import re
import subprocess
import sys

import pytest

from config.demo.people import officer_of
from dispatch.models import Department
from tests.product import ROOT
from tests.servers import free_port


def simulate(*arguments):
    """Run manage.py simulate as a person does: (exit status, what it printed)."""
    done = subprocess.run(
        [sys.executable, "manage.py", "simulate", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def newspaper(module_server):
    """The lost child, played once: (exit status, what it printed)."""
    return simulate("lost-child", f"--url={module_server.url}")


def test_the_newspaper_case_ends_well(newspaper):
    status, printed = newspaper
    assert status == 0, printed
    assert "主办 洪桥街道应急办公室" in printed
    assert "协办 洪桥派出所" in printed
    assert "协办 北园社区居委会" in printed
    assert printed.count("✓") == 3


def test_its_clock_tells_every_step_who_and_when(newspaper):
    _status, printed = newspaper
    steps = re.findall(r"^ +([\d.]+)  到屏 +([\d.]+)  (\S+)  (.+)$", printed, re.MULTILINE)
    labels = [label for _at, _shown, label, _what in steps]
    assert labels[:5] == ["登记", "定位", "分拨", "派遣", "签收"]
    assert labels[-2:] == ["核查通过", "结案"]
    assert {"消息", "到场", "办结", "处置完毕"} <= set(labels)
    seconds = [float(at) for at, _shown, _label, _what in steps]
    assert seconds == sorted(seconds)
    assert "洪桥派出所 · 周建国" in printed


def test_it_says_when_each_screen_had_the_report(newspaper):
    _status, printed = newspaper
    for who in ("李志强", "周建国", "何秀英", "梁文辉", "郑国华"):
        assert re.search(rf"[\d.]+ 秒  {who}（", printed), printed
    assert "无关人员的 2 块屏幕一条也没有" in printed


def test_the_case_stands_closed_on_the_server_with_its_photos(newspaper, module_server):
    _status, printed = newspaper
    number = re.search(r"YX\d{8}-\d+", printed).group()
    with module_server.client_of("supervisor.hongqiao") as client:
        event = client.get(f"/api/v1/events/{number}/").json()
    assert event["state"] == "closed"
    assert {row["state"] for row in event["deadlines"]} == {"met"}
    assert len(event["attachments"]) == 2


def test_a_day_is_played_to_its_end(newspaper, module_server):
    arguments = ("--events=12", "--speed=1000000", "--seed=7")
    status, printed = simulate("day", f"--url={module_server.url}", *arguments)
    assert status == 0, printed
    assert re.search(r"^上报 12（", printed, re.MULTILINE)
    assert int(re.search(r"结案 (\d+)，返工", printed).group(1)) >= 5
    assert "上报 13，" in printed.splitlines()[-1]


def test_it_fails_aloud_when_nobody_answers():
    port = free_port()
    status, printed = simulate("lost-child", f"--url=http://127.0.0.1:{port}")
    assert status != 0
    assert f"http://127.0.0.1:{port} 没有回应" in printed


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "http://"])
def test_an_address_that_is_none_is_refused(url):
    status, printed = simulate("lost-child", f"--url={url}")
    assert status != 0
    assert "应像 http://127.0.0.1:8000" in printed


def test_it_fails_aloud_when_the_police_do_not_get_the_case(serve):
    server = serve()
    server.manage(
        "shell",
        "-c",
        "from dispatch.models import RoutingTarget; "
        "RoutingTarget.objects.filter(kind='police', role='support').delete()",
    )
    status, printed = simulate("lost-child", f"--url={server.url}")
    assert status != 0
    assert "周建国（洪桥派出所） 的屏幕 10 秒内没有出现这个事件" in printed


@pytest.mark.django_db
def test_every_department_has_the_officer_whom_the_simulation_expects():
    for department in Department.objects.prefetch_related("officers__user"):
        names = {officer.user.username for officer in department.officers.filter(role="officer")}
        assert officer_of(department.code) in names, department
