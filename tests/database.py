"""The test database as migrations and the demo left it, the way back to it, and copies of it."""

import os
import shutil
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection, connections

from events.models import Log


class SQLiteTemplate:
    """A file beside the test database."""

    def __init__(self):
        self.database = Path(connection.settings_dict["NAME"])
        self.template = self.database.with_name("template.sqlite3")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(self.template)])

    def put_back(self):
        connections.close_all()
        for suffix in ("", "-wal", "-shm"):
            self.database.with_name(self.database.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.database)

    def copy(self, folder):
        """A copy in `folder`: its DATABASE_URL."""
        copied = folder / "xianfeng.sqlite3"
        shutil.copyfile(self.template, copied)
        return f"sqlite:///{copied}"

    def drop(self, url):
        """A copy's folder goes with the test."""

    def forget(self):
        """The template goes with the run's folder."""


class PostgreSQLTemplate:
    """A second database in the same cluster, from which PostgreSQL makes copies."""

    def __init__(self):
        self.database = connection.settings_dict["NAME"]
        self.template = f"{self.database}_template"
        self.url = os.environ["TEST_DATABASE_URL"]
        connections.close_all()
        connection.close_pool()
        self.make(self.template, self.database)

    def address(self, name):
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def administrate(self, *statements):
        with psycopg.connect(self.address("postgres"), autocommit=True) as admin:
            for statement in statements:
                admin.execute(statement)

    def make(self, name, template):
        self.administrate(
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{template}"',
        )

    def put_back(self):
        connections.close_all()
        connection.close_pool()
        self.make(self.database, self.template)

    def copy(self, folder):
        """A copy under a name of its own: its DATABASE_URL."""
        name = f"{self.database}_{uuid.uuid4().hex[:8]}"
        self.make(name, self.template)
        return self.address(name)

    def drop(self, url):
        """Drop a copy, whoever is still connected to it."""
        name = urlsplit(url).path.lstrip("/")
        self.administrate(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def forget(self):
        """Drop the template."""
        self.drop(self.address(self.template))


def keep():
    """Remember the test database as it is now: returns the template of this database's kind."""
    return SQLiteTemplate() if connection.vendor == "sqlite" else PostgreSQLTemplate()


def put_back(template):
    """The test database as it was, in a new epoch, as after any restore."""
    template.put_back()
    Log.objects.update(epoch=uuid.uuid4())
