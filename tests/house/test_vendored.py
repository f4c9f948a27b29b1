"""Other people's browser code is what we looked at when we took it in."""

import json
import shutil

import pytest
from django.core.management import CommandError, call_command

from config.management.commands import vendor
from tests.house.tree import ROOT, tracked

MANIFEST = json.loads((vendor.VENDOR / "manifest.json").read_text())


def test_committed_files_match_the_manifest():
    call_command("vendor", "--check")


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the vendored files that may be spoiled."""
    monkeypatch.setattr(vendor, "VENDOR", tmp_path / "vendor")
    return shutil.copytree(ROOT / "static" / "vendor", tmp_path / "vendor")


def test_a_changed_byte_is_noticed(copy):
    script = next(copy.glob("lit-html@*/lit-html.js"))
    script.write_bytes(script.read_bytes() + b"\n")
    with pytest.raises(CommandError, match="lit-html.js is not the file that was vendored"):
        call_command("vendor", "--check")


def test_a_file_that_nobody_listed_is_noticed(copy):
    (copy / "extra.js").write_text("alert(1)")
    with pytest.raises(CommandError, match="extra.js is not in the manifest"):
        call_command("vendor", "--check")


def test_a_missing_file_is_noticed(copy):
    next(copy.glob("idb@*/index.js")).unlink()
    with pytest.raises(CommandError, match="index.js is missing"):
        call_command("vendor", "--check")


def test_every_package_has_a_licence_and_an_integrity():
    for package in MANIFEST["packages"]:
        assert "LICENSE" in package["files"], package["name"]
        assert package["integrity"].startswith("sha512-"), package["name"]


def test_every_vendored_file_is_in_the_repository():
    listed = {
        f"static/vendor/{vendor.folder_of(package)}/{file['as']}"
        for package in MANIFEST["packages"]
        for file in package["files"].values()
    }
    assert listed <= {str(path) for path in tracked()}


def test_no_page_asks_another_origin_for_anything():
    for path in tracked():
        if path.suffix == ".html" and path.parts[0] == "templates":
            text = (ROOT / path).read_text()
            for attribute in ('src="http', 'src="//', 'href="//', "url(http"):
                assert attribute not in text, f"{path}: {attribute}"
