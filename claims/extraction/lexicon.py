"""Read the word tables that lie beside the code; `#` opens a comment line."""

from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent / "tables"


@cache
def rows(name: str) -> list[list[str]]:
    """Return the tab-separated rows of a table."""
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]


@cache
def words(name: str) -> frozenset[str]:
    """Return the entries of a list with one entry a line."""
    return frozenset(row[0].strip() for row in rows(name))


@cache
def group(name: str) -> frozenset[str]:
    """Return the words of one group of `groups.tsv`."""
    return frozenset(next(row[1] for row in rows("groups.tsv") if row[0] == name).split())
