"""Who is on duty: whom a department's telephone rings."""

from dispatch.models import Officer


def on_duty(department, at):
    """The Officers who are on duty for `department` at the moment `at`; active users only.

    All members of its default work group; a department with an empty group is everybody in it, so
    that somebody hears. One query, two where the group is empty.
    """
    people = Officer.objects.filter(user__is_active=True).order_by("pk")
    group = list(people.filter(groups__department=department, groups__default=True))
    return group or list(people.filter(department=department))
