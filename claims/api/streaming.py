"""All rows of a list as CSV or JSON Lines, as of one moment, in memory that does not grow with them."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson
from django.http import StreamingHttpResponse

from claims.api.formats import CsvRenderer
from claims.api.rows import chunks
from claims.exports import one_moment

#: Rows read at a time: what is held in memory.
CHUNK_ROWS = 1000
#: A spreadsheet takes a cell that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = dict[str, Any]


def streamed(
    pks: Iterable[int], read: Callable[[list[int]], Iterable[Row]], *, renderer: Any, name: str, columns: list[str]
) -> StreamingHttpResponse:
    """Return the rows of all these ids as a file; `read` gives the rows of some, in their order.

    columns: the members of a row, in their order, for the head of a table.
    """
    write = _tables(columns) if isinstance(renderer, CsvRenderer) else _lines
    response = StreamingHttpResponse(_parts(pks, read, write), content_type=f"{renderer.media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{renderer.format}"'
    # A proxy that gathers the answer before it passes it on would hold it all.
    response["X-Accel-Buffering"] = "no"
    return response


def _parts(
    pks: Iterable[int], read: Callable[[list[int]], Iterable[Row]], write: Callable[[Iterable[Row]], bytes]
) -> Iterator[bytes]:
    with one_moment():
        nothing = True
        for some in chunks(pks, CHUNK_ROWS):
            nothing = False
            yield write(read(some))
        if nothing:
            yield write([])


def _lines(rows: Iterable[Row]) -> bytes:
    return b"".join(orjson.dumps(row, default=str, option=_LINE) for row in rows)


_LINE = orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATETIME


def _tables(columns: list[str]) -> Callable[[Iterable[Row]], bytes]:
    """Return a writer of tables whose first answer has the head."""
    waiting = [columns]

    def write(rows: Iterable[Row]) -> bytes:
        file = io.StringIO()
        table = csv.writer(file)
        while waiting:
            table.writerow(waiting.pop())
        table.writerows([_cell(row[column]) for column in columns] for row in rows)
        return file.getvalue().encode()

    return write


def _cell(value: Any) -> Any:
    """Return what a table shows: names for rows and lists of rows, JSON for what has no name."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dict):
        value = value.get("name") or value.get("title") or value.get("text") or value.get("self") or _written(value)
    elif isinstance(value, list):
        named = all(isinstance(part, str) or (isinstance(part, dict) and "name" in part) for part in value)
        parts = [part if isinstance(part, str) else part["name"] for part in value] if named else []
        value = "; ".join(parts) if named else _written(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _written(value: Any) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()
