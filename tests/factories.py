"""Rows for tests: people and departments beside the demo district's, and bare attachments."""

import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory

from dispatch.models import Department, DepartmentKind, Officer, Role
from events import moment
from events.models import Attachment, AttachmentKind
from geo.models import Area


class UserFactory(DjangoModelFactory):
    """An account without a usable password; tests sign in by token."""

    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"person.{n}")


def _areas(owner, create, codes, **_kwargs):
    """`areas=[code, …]` of a department or an officer."""
    if create and codes:
        owner.areas.set(Area.objects.filter(code__in=codes))


class DepartmentFactory(DjangoModelFactory):
    """An office of no special kind; `areas` are codes of its jurisdiction."""

    class Meta:
        model = Department
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"test-{n}")
    name = factory.Sequence(lambda n: f"第{n}办公室")
    kind = DepartmentKind.OTHER
    areas = factory.post_generation(_areas)


class OfficerFactory(DjangoModelFactory):
    """A person with an account; `areas` are codes."""

    class Meta:
        model = Officer
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"值班员{n}")
    role = Role.OFFICER
    areas = factory.post_generation(_areas)


class AttachmentFactory(DjangoModelFactory):
    """A photo's row without its bytes."""

    class Meta:
        model = Attachment

    kind = AttachmentKind.PHOTO
    file = factory.Sequence(lambda n: f"attachments/{n}.jpg")
    thumbnail = factory.Sequence(lambda n: f"thumbnails/{n}.jpg")
    content_type = "image/jpeg"
    size = 1000
    sha256 = factory.Sequence("{:064d}".format)
    created_at = factory.LazyFunction(moment.now)
