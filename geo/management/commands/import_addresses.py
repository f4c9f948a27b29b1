from django.core.management.base import BaseCommand, CommandError

from geo import geojson, numbering


class Command(BaseCommand):
    help = "导入门牌范围(CSV)或道路中心线(GeoJSON:name、LineString)"

    def add_arguments(self, parser):
        parser.add_argument("file", help="*.csv:门牌范围;*.geojson、*.json:道路中心线")
        parser.add_argument("--crs", default="WGS84", help="中心线的坐标系")
        parser.add_argument("--delete-missing", action="store_true", help="删除缺的门牌范围")

    def handle(self, *, file, crs, delete_missing, **options):
        try:
            if file.lower().endswith((".geojson", ".json")):
                report = numbering.load_roads(geojson.read(file, geojson.LINES, crs))
            else:
                report = numbering.load(numbering.read(file), delete_missing)
        except geojson.DataError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(report))
