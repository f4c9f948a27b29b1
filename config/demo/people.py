"""The accounts of the demo district. All share one published password."""

from collections import defaultdict
from functools import cache
from zlib import crc32

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from config.demo import PASSWORD
from config.demo.tables import rows
from dispatch import access
from dispatch.models import DepartmentKind, Officer, Role, WorkGroup
from geo.models import Area

# The first part of an officer's username, by the last part of a street office's code.
DESKS = {"emergency": "duty", "police": "police", "cityops": "cityops"}


@cache
def slugs():
    """{code of a street: its word in usernames}."""
    return {row["code"]: row["slug"] for row in rows("streets")}


@cache
def _named_officers():
    return {
        row["department"]: row["username"] for row in rows("accounts") if row["role"] == "officer"
    }


def officer_of(department):
    """The username of the officer of the department with that code."""
    if department in _named_officers():
        return _named_officers()[department]
    place, office = department.split("-")
    if place in slugs():
        return f"{DESKS[office]}.{slugs()[place]}"
    return f"committee.{place}" if office == "committee" else f"duty.{office}"


def load(departments):
    """Create the accounts that are missing; those that are there stay as they are. `departments`
    is {code: Department}. Returns {username: Officer} of the new ones."""
    plan = {row["username"]: row for row in [*rows("accounts"), *_others(departments)]}
    there = set(User.objects.filter(username__in=plan).values_list("username", flat=True))
    wanted = [row for username, row in plan.items() if username not in there]
    # One hash for all: the password is public, and hashing it hundreds of times takes a minute.
    hashed = make_password(PASSWORD) if wanted else ""
    users = User.objects.bulk_create(
        User(
            username=row["username"],
            first_name=row["name"],
            password=hashed,
            # The Django admin only; the role gives no rights over events.
            is_staff=row["role"] == Role.ADMIN,
            is_superuser=row["role"] == Role.ADMIN,
        )
        for row in wanted
    )
    officers = Officer.objects.bulk_create(
        Officer(
            user=user,
            name=row["name"],
            role=row["role"],
            department=departments.get(row["department"]),
            phone=f"1000{user.pk:07d}",
        )
        for user, row in zip(users, wanted, strict=True)
    )
    _appoint(officers, wanted)
    if officers:
        access.rights_changed()
    return {row["username"]: officer for row, officer in zip(wanted, officers, strict=True)}


def _appoint(officers, wanted):
    """Give the officers their areas and their departments' default work groups."""
    areas = dict(Area.objects.current().values_list("code", "pk"))
    Officer.areas.through.objects.bulk_create(
        Officer.areas.through(officer=officer, area_id=areas[code])
        for officer, row in zip(officers, wanted, strict=True)
        for code in row["areas"].split()
    )
    groups = dict(WorkGroup.objects.filter(default=True).values_list("department_id", "pk"))
    WorkGroup.members.through.objects.bulk_create(
        WorkGroup.members.through(workgroup_id=groups[officer.department_id], officer=officer)
        for officer in officers
        if officer.department_id in groups
    )


def _others(departments):
    """An officer for every department that the named accounts leave empty, and for every street a
    supervisor and two grid workers who share its communities."""
    named = rows("accounts")
    walked = {
        code for row in named if row["role"] == Role.GRID_WORKER for code in row["areas"].split()
    }
    communities = defaultdict(list)
    for code, department in departments.items():
        if department.kind == DepartmentKind.COMMITTEE:
            communities[code[:9]].append(code.removesuffix("-committee"))
        if code not in _named_officers():
            yield _person(officer_of(code), Role.OFFICER, code)
    for street, slug in slugs().items():
        office = f"{street}-emergency"
        if slug != "hongqiao":
            yield _person(f"supervisor.{slug}", Role.SUPERVISOR, office, street)
        rounds = sorted(set(communities[street]) - walked)
        half = (len(rounds) + 1) // 2
        for number, part in enumerate((rounds[:half], rounds[half:]), 1):
            yield _person(f"grid.{slug}.{number}", Role.GRID_WORKER, office, " ".join(part))


def _person(username, role, department, areas=""):
    return {
        "username": username,
        "name": _name(username),
        "role": role,
        "department": department,
        "areas": areas,
    }


def _name(username):
    """A made-up name, always the same for the same account."""
    pool = rows("names")[0]
    surnames, given = pool["surnames"].split(), pool["given"].split()
    number = crc32(username.encode())
    return surnames[number % len(surnames)] + given[number // len(surnames) % len(given)]
