"""A row of bars as an SVG path, drawn here: pages run no script for it and carry no style."""

from dataclasses import dataclass

BAR, GAP, HEIGHT = 5, 2, 28


@dataclass(frozen=True)
class Sparkline:
    """Paths of the bars, and of what of each is quarantined; `peak` is the tallest bar's count."""

    width: int
    height: int
    bars: str
    bad: str
    total: int
    peak: int


def sparkline(hours):
    """The Sparkline of pairs (all, quarantined), oldest first."""
    peak = max((count for count, _bad in hours), default=0)
    bars, bad = [], []
    for index, (count, quarantined) in enumerate(hours):
        left = index * (BAR + GAP)
        # An hour without messages keeps its place as a line.
        tall = max(round(count / peak * HEIGHT), 2) if count else 1
        bars.append(f"M{left} {HEIGHT - tall}h{BAR}v{tall}h-{BAR}z")
        if quarantined:
            low = max(round(quarantined / peak * HEIGHT), 2)
            bad.append(f"M{left} {HEIGHT - low}h{BAR}v{low}h-{BAR}z")
    return Sparkline(
        width=len(hours) * (BAR + GAP) - GAP,
        height=HEIGHT,
        bars="".join(bars),
        bad="".join(bad),
        total=sum(count for count, _bad in hours),
        peak=peak,
    )
