"""Read the word tables beside the code; `#` opens a comment line."""

from functools import cache
from pathlib import Path

_TABLES = Path(__file__).parent / "tables"


@cache
def rows(name: str) -> list[list[str]]:
    """Return the tab-separated rows of a table."""
    lines = (_TABLES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@cache
def group(name: str) -> frozenset[str]:
    """Return the words of one group of `words.tsv`."""
    return frozenset(word for found, words in rows("words.tsv") if found == name for word in words.split())
