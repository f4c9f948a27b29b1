"""Loading the whole demo district."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from config.demo import CODE, PREFIX, cameras, flood, offices, open311, people, rules, sources
from dispatch.models import Department, Officer, RoutingRule
from events.models import Category, Log
from geo import district
from geo.models import Area, Place


def is_empty():
    """Whether nobody has set this platform up yet."""
    return not (Log.objects.exists() or Officer.objects.exists() or Department.objects.exists())


@transaction.atomic
def load():
    """Create what is missing of the district. Returns {what: how many}.

    Offices, people and routing rules that are there stay as they are; areas, classes and limits
    become what their files say.
    """
    district.load()
    cameras.load()
    Log.objects.get_or_create(code=CODE, defaults={"prefix": PREFIX})
    rules.load_categories()
    departments = offices.load()
    people.load(departments)
    rules.load_routing(departments)
    sources.load()
    flood.load()
    open311.load()
    return {
        "areas": Area.objects.current().within(CODE).count(),
        "places": Place.objects.count(),
        "departments": Department.objects.count(),
        "categories": Category.objects.count(),
        "rules": RoutingRule.objects.count(),
        "people": Officer.objects.count(),
    }


def erase():
    """Delete everything in the database, and every stored file."""
    call_command("flush", interactive=False, verbosity=0)
    for folder in ("attachments", "thumbnails"):
        shutil.rmtree(Path(settings.MEDIA_ROOT) / folder, ignore_errors=True)
