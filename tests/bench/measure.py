"""Measuring: CPU seconds of process trees, medians, tables."""

import os
import platform
import statistics
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def family(pid):
    """The process and all its descendants."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def cpu_seconds(pid):
    """User and system CPU seconds that the process tree has used so far."""
    total = 0
    for one in family(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def memory_kib(pid):
    """Resident memory of the process tree in KiB."""
    pages = sum(
        int(Path(f"/proc/{one}/statm").read_text().split()[1])
        for one in family(pid)
        if Path(f"/proc/{one}/statm").exists()
    )
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def median(values):
    """The median, robust against a noisy machine."""
    return statistics.median(values)


def machine():
    """The machine in one line."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return f"{os.cpu_count()} × {model}, Python {platform.python_version()}, {platform.system()}"


def table(header, rows):
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
