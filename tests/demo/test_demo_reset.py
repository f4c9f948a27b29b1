"""The demo district can begin anew."""

from django.core.management import call_command

from dispatch.models import Department
from events.models import Log


def test_reset_begins_anew_and_clients_notice_it(committed, media):
    epoch = Log.objects.get().epoch
    Department.objects.filter(code="440104-water").update(name="别的")
    (media / "attachments").mkdir(parents=True)
    (media / "attachments" / "old.jpg").write_bytes(b"x")
    call_command("demo", reset=True, verbosity=0)
    assert Log.objects.get().epoch != epoch
    assert Department.objects.get(code="440104-water").name == "区水务局"
    assert not (media / "attachments").exists()
