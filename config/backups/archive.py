"""The file of a backup: a zip archive with a part for each table, and a manifest that tells what must be in them.

The directory of a zip archive stands at its end, so a file that was cut off is known at once; the manifest's SHA-256 of
each part tells any other damage.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Self

from config.backups.errors import BackupBroken

FORMAT = 1
BLOCK_BYTES = 1_048_576
_MANIFEST = "manifest.json"
_KIND = "second-source backup"

#: Is told how many bytes of the tables' text were handled since it was last told.
Progress = Callable[[int], object]


@dataclass(frozen=True, kw_only=True)
class Part:
    """The rows of one table."""

    table: str
    columns: list[str]
    rows: int
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        return f"tables/{self.table}.copy"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds: of which moment, of which schema, and how much of each table."""

    created_at: str
    postgresql: str
    migrations: list[tuple[str, str]]
    parts: list[Part]
    left_out: list[str] = field(default_factory=list)  # tables that are empty after a restore
    sequences: dict[str, int] = field(default_factory=dict)  # the next number of each

    @property
    def bytes(self) -> int:
        return sum(part.bytes for part in self.parts)

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)


class Writer:
    """A new archive, written from its beginning to its end."""

    def __init__(self, file: IO[bytes]) -> None:
        # The fastest level: text as of COPY shrinks little more with the slower ones.
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def write_part(
        self, table: str, columns: list[str], lines: Iterator[bytes], *, rows: Callable[[], int], progress: Progress
    ) -> Part:
        """Return the part of a table, written; `rows` is asked for their number after the last of the `lines`."""
        digest, size, name = hashlib.sha256(), 0, f"tables/{table}.copy"
        with self._archive.open(name, "w", force_zip64=True) as part:
            for block in _blocks(lines):
                part.write(block)
                digest.update(block)
                size += len(block)
                progress(len(block))
        return Part(table=table, columns=columns, rows=rows(), bytes=size, sha256=digest.hexdigest())

    def write_manifest(self, manifest: Manifest) -> None:
        content = {"kind": _KIND, "format": FORMAT, **asdict(manifest)}
        self._archive.writestr(_MANIFEST, json.dumps(content, indent=1))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        """Write the directory of the archive, without which it cannot be read."""
        self._archive.close()


def _blocks(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Join what comes row by row to blocks that are worth packing."""
    block = bytearray()
    for line in lines:
        block += line
        if len(block) >= BLOCK_BYTES:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


class Reader:
    """An open backup whose manifest has been read."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def blocks(self, part: Part) -> Iterator[bytes]:
        """Give the rows of a part as COPY takes them.

        Raises BackupBroken, after the last block at the latest, when they are not those that were saved.
        """
        digest, size = hashlib.sha256(), 0
        try:
            with self._archive.open(part.name) as rows:
                while block := rows.read(BLOCK_BYTES):
                    digest.update(block)
                    size += len(block)
                    yield block
        except (KeyError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
            raise BackupBroken(f"The backup is damaged: {part.name} cannot be read ({error}).") from error
        if size != part.bytes or digest.hexdigest() != part.sha256:
            raise BackupBroken(f"The backup is damaged: {part.name} is not what was saved (SHA-256 differs).")

    def check(self, progress: Progress) -> None:
        """Read every part once; raises BackupBroken at the first that is not what was saved."""
        for part in self.manifest.parts:
            for block in self.blocks(part):
                progress(len(block))


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Give the backup in the file `path`.

    Raises BackupBroken when it is none, was cut off, or is of a later format.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupBroken(f"{path} is not a backup, or its end is missing: {error}.") from error
    with archive:
        yield Reader(archive, _manifest(archive, path))


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        content: dict[str, Any] = json.loads(archive.read(_MANIFEST))
        if content.pop("kind") != _KIND:
            raise ValueError("it is of another kind")
        if (found := content.pop("format")) != FORMAT:
            raise BackupBroken(f"{path} has format {found}; this version of the site reads format {FORMAT}.")
        content["parts"] = [Part(**part) for part in content["parts"]]
        content["migrations"] = [(app, name) for app, name in content["migrations"]]
        return Manifest(**content)
    except (KeyError, TypeError, ValueError, AttributeError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise BackupBroken(f"{path} has no manifest that can be read: {error!r}.") from error
