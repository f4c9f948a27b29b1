"""Open311 in the demo district: the source, the published api_key, services and their questions."""

from config.demo.tables import rows
from events.models import Category
from integrations.models import ApiKey, Service, ServiceAttribute, Source
from integrations.open311.door import SOURCE

API_KEY = "xianfeng-demo"
KEY_NAME = "演示应用"


def load():
    """Create what is missing; what is there stays as it is. Returns how many services there are."""
    Source.objects.get_or_create(
        code=SOURCE,
        defaults={
            "name": "Open311",
            "kind": SOURCE,
            "options": {
                "type": "test",
                "contact": "演示系统，没有人值守。",
                "key_service": f"演示密钥：{API_KEY}",
            },
        },
    )
    if not ApiKey.objects.filter(digest=ApiKey.digest_of(API_KEY)).exists():
        ApiKey.issue(KEY_NAME, API_KEY, per_minute=600)
    there = set(Service.objects.values_list("code", flat=True))
    plan = [row for row in rows("open311_services") if row["code"] not in there]
    classes = dict(
        Category.objects.filter(qualified__in=[row["code"] for row in plan]).values_list(
            "qualified", "pk"
        )
    )
    made = Service.objects.bulk_create(
        Service(**row, category_id=classes[row["code"]], order=10 * number)
        for number, row in enumerate(plan, len(there) + 1)
    )
    ServiceAttribute.objects.bulk_create(_questions({service.code: service for service in made}))
    return Service.objects.count()


def _questions(made):
    """The unsaved questions of the services {code: Service}, numbered within each from 1."""
    numbers = dict.fromkeys(made, 0)
    for row in rows("open311_attributes"):
        if row["service"] not in made:
            continue
        numbers[row["service"]] += 1
        yield ServiceAttribute(
            service=made[row["service"]],
            code=row["code"],
            datatype=row["datatype"],
            required=row["required"] == "1",
            variable=row["variable"] == "1",
            description=row["description"],
            datatype_description=row["datatype_description"],
            values=_options(row["values"]),
            order=numbers[row["service"]],
        )


def _options(text):
    """`missing=缺失;broken=破损` as [{key, name}]."""
    pairs = [option.split("=", 1) for option in text.split(";") if option]
    return [{"key": key, "name": name} for key, name in pairs]
