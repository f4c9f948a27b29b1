from django.core.management.base import BaseCommand, CommandError

from geo import geojson, landmarks
from geo.models import Place


class Command(BaseCommand):
    help = "导入地点(GeoJSON FeatureCollection:id、kind、name、Point)"

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--kind", choices=Place.Kind.values, help="缺省读每个要素的 kind")
        parser.add_argument("--crs", default="WGS84", help="WGS84、GCJ02、BD09 或 CGCS2000")
        parser.add_argument("--delete-missing", action="store_true", help="删除同类里缺的地点")

    def handle(self, *, file, kind, crs, delete_missing, **options):
        try:
            features = geojson.read(file, geojson.POINTS, crs)
            report = landmarks.load(features, kind, delete_missing)
        except geojson.DataError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(report))
