"""The departments of the demo district: three a street, one a community, and the bureaus."""

from config.demo import CODE
from config.demo.tables import rows
from dispatch.models import Department, DepartmentKind, WorkGroup
from geo.models import Area

# The offices of a street: code suffix, kind, name after the street's short name, fallback.
STREET_OFFICES = (
    ("emergency", DepartmentKind.EMERGENCY_OFFICE, "街道应急办公室", True),
    ("police", DepartmentKind.POLICE, "派出所", False),
    ("cityops", DepartmentKind.CITY_MANAGEMENT, "街道综合行政执法办公室", False),
)


def bureau_code(slug):
    """The code of a bureau of the district."""
    return f"{CODE}-{slug}"


def load():
    """Create the departments, their jurisdictions and default work groups; those that are there
    stay as they are. Returns {code: Department} of all."""
    areas = {area.code: area for area in Area.objects.current().within(CODE)}
    plan = dict(_plan(areas))
    there = set(Department.objects.filter(code__in=plan).values_list("code", flat=True))
    new = [department for code, (department, _area) in plan.items() if code not in there]
    for number, department in enumerate(new, len(there) + 1):
        department.phone = f"020-0000{number:04d}"
    Department.objects.bulk_create(new)
    Department.areas.through.objects.bulk_create(
        Department.areas.through(department=department, area=plan[department.code][1])
        for department in new
    )
    WorkGroup.objects.bulk_create(
        WorkGroup(department=department, name=department.name) for department in new
    )
    return {department.code: department for department in Department.objects.filter(code__in=plan)}


def _plan(areas):
    """(code, (unsaved Department, its Area))."""
    for row in rows("bureaus"):
        code = bureau_code(row["slug"])
        department = Department(
            code=code, name=row["name"], kind=row["kind"], fallback=row["fallback"] == "1"
        )
        yield code, (department, areas[CODE])
    for area in areas.values():
        if area.level == Area.Level.STREET:
            short = area.name.removesuffix("街道")
            for suffix, kind, name, fallback in STREET_OFFICES:
                code = f"{area.code}-{suffix}"
                department = Department(
                    code=code, name=f"{short}{name}", kind=kind, fallback=fallback
                )
                yield code, (department, area)
        elif area.level == Area.Level.COMMUNITY:
            code = f"{area.code}-committee"
            name = f"{area.name}居委会"
            yield code, (Department(code=code, name=name, kind=DepartmentKind.COMMITTEE), area)
