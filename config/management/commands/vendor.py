"""Browser libraries of other people, kept in the repository and never fetched at run time."""

import base64
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

VENDOR = settings.BASE_DIR / "static" / "vendor"
SOURCE_MAP = re.compile(rb"^\s*(?://[#@]|/\*[#@]) sourceMappingURL=.*$\n?", re.MULTILINE)
BARE_IMPORT = re.compile(rb"""\bimport\s*(?:[\w{*][^'"();]*?from\s*)?["']([^./"'][^"']*)["']""")


class Command(BaseCommand):
    """Fetches what static/vendor/manifest.json lists, or checks what is committed against it.

    The manifest is a list of packages: name, version, integrity (npm's, of the tarball) and
    files: path inside the package → {"as": path under <name>@<version>/, "sha256": of our file}.
    A new package is added without integrity and sha256; they are written when it is fetched.
    """

    help = "Fetch the browser libraries of static/vendor/manifest.json."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="only compare the committed files")

    def handle(self, *, check, **options):
        path = VENDOR / "manifest.json"
        manifest = json.loads(path.read_text())
        if check:
            if faults := check_files(manifest, VENDOR):
                raise CommandError("\n".join(faults))
            return
        for package in manifest["packages"]:
            fetch(package)
            self.stdout.write(f"{package['name']}@{package['version']}")
        path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


def folder_of(package):
    """The folder of a package under static/vendor."""
    return f"{package['name']}@{package['version']}"


def fetch(package):
    """Write a package's files; fills in integrity and sha256 where the manifest has none yet.

    Raises CommandError when the tarball is not the one that the manifest knows, lacks a file, or
    holds a module that a browser could not resolve.
    """
    folder = VENDOR / folder_of(package)
    with tempfile.TemporaryDirectory() as scratch:
        tarball = pack(package, scratch)
        integrity = digest("sha512", tarball.read_bytes())
        if package.setdefault("integrity", integrity) != integrity:
            raise CommandError(f"{folder.name}: integrity is {integrity}, not the manifest's")
        with tarfile.open(tarball) as archive:
            for name, file in package["files"].items():
                content = read(archive, name, folder.name)
                file["sha256"] = hashlib.sha256(content).hexdigest()
                target = folder / file["as"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)


def pack(package, folder):
    """The package's tarball, fetched by npm from whatever registry npm is set up for."""
    command = ["npm", "pack", "--silent", "--json", folder_of(package)]
    try:
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603 - fixed program, names from our manifest
    except FileNotFoundError:
        raise CommandError(
            "npm is needed to fetch packages; the committed files need none"
        ) from None
    except subprocess.CalledProcessError as error:
        raise CommandError(f"{' '.join(command)}: {error.stderr.decode().strip()}") from error
    return Path(folder) / json.loads(done.stdout)[0]["filename"]


def digest(algorithm, content):
    """Subresource-integrity text of bytes, as npm writes it."""
    raw = hashlib.new(algorithm, content).digest()
    return f"{algorithm}-{base64.b64encode(raw).decode()}"


def read(archive, name, package):
    """A file's bytes, without the pointer to a source map that we do not ship."""
    try:
        content = archive.extractfile(f"package/{name}").read()
    except KeyError:
        raise CommandError(f"{package} has no {name}") from None
    if name.endswith((".js", ".css")):
        content = SOURCE_MAP.sub(b"", content)
        if bare := BARE_IMPORT.search(content):
            raise CommandError(f"{package}/{name} imports {bare[1].decode()}: not relative")
    return content


def check_files(manifest, root):
    """What differs between the manifest and the files under `root`: a list of sentences."""
    faults, known = [], {"manifest.json"}
    for package in manifest["packages"]:
        for file in package["files"].values():
            path = f"{folder_of(package)}/{file['as']}"
            known.add(path)
            if not (root / path).is_file():
                faults.append(f"{path} is missing")
            elif hashlib.sha256((root / path).read_bytes()).hexdigest() != file.get("sha256"):
                faults.append(f"{path} is not the file that was vendored")
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    return faults + [f"{path} is not in the manifest" for path in sorted(found - known)]
