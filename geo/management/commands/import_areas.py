from datetime import date

from django.core.management.base import BaseCommand, CommandError

from geo import boundaries, geojson
from geo.models import Area


class Command(BaseCommand):
    help = "导入区域边界(GeoJSON FeatureCollection:code、name、Polygon/MultiPolygon)"

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--level", choices=Area.Level.values, help="缺省按编码位数判断")
        parser.add_argument(
            "--valid-from", type=date.fromisoformat, help="YYYY-MM-DD;有变化的区域保留旧边界"
        )
        parser.add_argument("--crs", default="WGS84", help="WGS84、GCJ02、BD09 或 CGCS2000")
        parser.add_argument("--close-missing", action="store_true", help="停用文件里没有的区域")

    def handle(self, *, file, level, valid_from, crs, close_missing, **options):
        try:
            features = geojson.read(file, geojson.POLYGONS, crs)
            report = boundaries.load(features, level, valid_from, close_missing)
        except geojson.DataError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(report))
