"""`manage.py simulate [day|lost-child|storm] --url http://127.0.0.1:8000`."""

from django.core.management.base import BaseCommand, CommandError

from config.simulation import day, lost_child, storm
from config.simulation.door import Door, Failed


class Command(BaseCommand):
    """Plays the demo district's people against a running server, through its real doors."""

    help = "通过真实的 HTTP 和实时接口演练：day 演一天，lost-child 演走失儿童案例，storm 演一场暴雨"
    requires_system_checks = ()  # it needs no database, only the address of a server

    def add_arguments(self, parser):
        parser.add_argument(
            "play", nargs="?", choices=["day", "lost-child", "storm"], default="day"
        )
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="服务器地址")
        parser.add_argument(
            "--pace",
            choices=["fast", "real"],
            default="fast",
            help="lost-child：real 按报纸的时间走",
        )
        parser.add_argument("--events", type=int, default=60, help="day：多少个事件")
        parser.add_argument("--speed", type=float, default=480, help="day：一秒演几秒")
        parser.add_argument("--seed", type=int, default=None, help="day、storm：同一个数演同一场")
        parser.add_argument("--hours", type=float, default=6, help="storm：雨下几小时，到此刻为止")
        parser.add_argument("--interval", type=float, default=5, help="storm：几秒一次读数")

    def handle(self, *, play, url, pace, events, speed, seed, hours, interval, **options):
        """Play and report; CommandError (exit code 1) when the platform failed."""
        if events < 1 or speed <= 0:
            raise CommandError("--events 和 --speed 应为正数。")
        if not (0 < hours <= 20 and 1 <= interval <= hours * 360):
            raise CommandError("--hours 应在 20 小时以内，--interval 不小于 1 秒。")
        try:
            door = Door(url)
            try:
                if play == "lost-child":
                    lost_child.play(door, self.stdout.write, pace)
                elif play == "storm":
                    storm.play(door, self.stdout, hours, interval, seed)
                else:
                    day.play(door, self.stdout, events, speed, seed)
            finally:
                door.close()
        except Failed as failure:
            raise CommandError(f"演练失败：{failure}") from None
        except KeyboardInterrupt:
            raise CommandError("演练中断。") from None
