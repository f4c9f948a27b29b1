import pytest
from django.contrib import admin

from geo.dataset import Dataset
from geo.models import AddressRange, Area, Place, Road


@pytest.mark.parametrize("model", [Area, Place, Road, AddressRange])
def test_lists_can_be_searched(model, rf, yuexiu, django_user_model):
    request = rf.get("/", {"q": "北"})
    request.user = django_user_model(is_active=True, is_staff=True, is_superuser=True)
    page = admin.site.get_model_admin(model).get_changelist_instance(request)
    assert page.result_count > 0


def test_data_versions_are_to_be_looked_at_only(rf):
    versions = admin.site.get_model_admin(Dataset)
    assert not versions.has_add_permission(rf.get("/"))
    assert not versions.has_change_permission(rf.get("/"))
    assert not versions.has_delete_permission(rf.get("/"))


def test_models_show_as_people_name_them(yuexiu):
    assert str(Area.objects.get(code="440104001", valid_to=None)) == "洪桥街道"
    assert str(Place.objects.get(external_id="police_station-011")) == "洪桥派出所"
    assert str(AddressRange.objects.get(external_id="R0002")) == "法政路 26-26 → 洪桥街道"
    assert str(AddressRange.objects.get(external_id="R1218")) == "登瀛路 → 洪桥街道"
    assert str(Dataset.objects.get(name="areas")).startswith("areas ")


def test_a_place_saved_by_hand_is_put_into_its_area(rf, yuexiu):
    place = Place(kind="camera", name="手工摄像头", lon=113.26254, lat=23.141)
    admin.site.get_model_admin(Place).save_model(rf.post("/"), place, None, change=False)
    assert place.area.code.startswith("440104001")
