"""Settings are documented, fail loudly, and are safe in production."""

import os
import re
import secrets
import subprocess
import sys

import pytest

from tests.house.tree import ROOT, ours

READERS = "(?:text|flag|integer|words|choice|address|base64url|warnings)"
QUOTED = r"""[(\[]\s*["']([A-Z][A-Z0-9_]+)["']"""
NAME = re.compile(rf"(?:environ(?:\.get)?|\benv\.{READERS}){QUOTED}")
# In the module of the readers they have no prefix.
OWN = re.compile(rf"\b{READERS}{QUOTED}")
# Of the environment, not ours.
FOREIGN = {"DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"}


def production(tmp_path, **changed):
    """The environment of a production deployment, without anything of this test run."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {
        **kept,
        "XIANFENG_DATA": str(tmp_path),
        "XIANFENG_SECRET_KEY": secrets.token_urlsafe(64),
        "XIANFENG_HOSTS": "xianfeng.example",
        "XIANFENG_ORIGINS": "https://xianfeng.example",
        **changed,
    }
    return {name: value for name, value in environment.items() if value is not None}


def manage(environment, *arguments):
    """Exit status and output of manage.py in that environment."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def variables():
    """Every environment variable that the product reads."""
    found = set()
    for path in ours(".py"):
        if path.parts[0] in {"config", "integrations", "dispatch", "events", "geo"}:
            source = (ROOT / path).read_text()
            found |= set(NAME.findall(source))
            if path.name == "environment.py":
                found |= set(OWN.findall(source))
    return found - FOREIGN


def test_every_variable_is_documented():
    documented = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", (ROOT / "docs/settings.md").read_text()))
    assert variables(), "the search for variables finds none"
    assert variables() - documented == set()


def test_every_documented_variable_is_read():
    rows = re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", (ROOT / "docs/settings.md").read_text(), re.M)
    assert set(rows) - variables() == set()


def test_production_settings_pass_the_deployment_check(tmp_path):
    status, said = manage(production(tmp_path), "check", "--deploy", "--fail-level", "WARNING")
    assert status == 0, said


def test_production_refuses_to_start_without_a_secret_key(tmp_path):
    status, said = manage(production(tmp_path, XIANFENG_SECRET_KEY=None), "check")
    assert status != 0
    assert "XIANFENG_SECRET_KEY" in said


def test_demo_mode_does_not_pass_the_deployment_check(tmp_path):
    status, said = manage(production(tmp_path, XIANFENG_DEMO="1"), "check", "--deploy")
    assert status != 0
    assert "config.E002" in said


def test_several_processes_on_the_layer_of_one_are_refused(tmp_path):
    status, said = manage(production(tmp_path, XIANFENG_PROCESSES="2"), "check")
    assert status != 0
    assert "config.E001" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("XIANFENG_HTTPS", "perhaps"),
        ("XIANFENG_TOKEN_DAYS", "a month"),
        ("DATABASE_URL", "mysql://root@localhost/x"),
    ],
)
def test_a_setting_that_cannot_be_read_names_itself(tmp_path, name, value):
    status, said = manage(production(tmp_path, **{name: value}), "check")
    assert status != 0
    assert name in said


def test_models_and_migrations_agree(tmp_path):
    status, said = manage(production(tmp_path), "makemigrations", "--check", "--dry-run")
    assert status == 0, said


def test_the_api_schema_is_valid_and_complete(tmp_path):
    command = ["spectacular", "--fail-on-warn", "--validate", "--api-version", "v1"]
    status, said = manage(production(tmp_path), *command, "--file", os.devnull)
    assert status == 0, said


def test_the_pages_files_can_be_collected(collected_static):
    assert (collected_static / "staticfiles.json").is_file()
