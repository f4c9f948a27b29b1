"""Settings of the test runs: the product's, in demo mode, on one of two stacks.

TEST_STACK=embedded (default): SQLite in a file, in-memory layer. TEST_STACK=server: the PostgreSQL
and Redis of TEST_DATABASE_URL and TEST_REDIS_URL. TEST_STACK=given: DATABASE_URL and REDIS_URL
as they are (server processes that a test starts).
"""

import atexit
import os
import shutil
import tempfile

STACK = os.environ.get("TEST_STACK", "embedded")
if STACK != "given":
    os.environ["XIANFENG_DATA"] = tempfile.mkdtemp(prefix="xf-test-")
    atexit.register(shutil.rmtree, os.environ["XIANFENG_DATA"], ignore_errors=True)
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"] if STACK == "server" else ""
    os.environ["REDIS_URL"] = os.environ["TEST_REDIS_URL"] if STACK == "server" else ""
os.environ["XIANFENG_DEMO"] = "1"
os.environ["XIANFENG_SECRET_KEY"] = "a key that only tests use, and that guards nothing at all"  # noqa: S105
# A test that is about a limit sets its own; the others send as fast as they can.
for name in ("REPORT", "ACTION", "UPLOAD", "TOKEN", "PUBLIC"):
    os.environ.setdefault(f"XIANFENG_RATE_{name}", "1000000/min")

from config.settings import *  # noqa: E402,F403
from config.settings import DATA_DIR, DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"] == "config.sqlite":
    # Processes are killed in tests, machines are not.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
if STACK == "embedded":
    # A file, not memory: threads, and processes beside this one, read it too.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
if STACK != "given":
    # Pages rendered in a test need no collected files; server processes serve the real ones.
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # WhiteNoise warns of a folder that is not there.
    (DATA_DIR / "static").mkdir(exist_ok=True)
