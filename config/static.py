"""How static files are stored: hashed names, packed once at the start."""

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PackedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage with gzip alone.

    Brotli, which a dependency brings along, packs the API browser's scripts a fifth smaller and takes twenty seconds of
    every start for it.
    """

    def create_compressor(self, **options: Any) -> Compressor:
        return Compressor(use_brotli=False, **options)


def collect() -> bool:
    """Collect the static files, unless they are those that were collected last; return whether they were not.

    To name and pack them takes longer than all else that a start waits for.
    """
    mark = settings.HOME / "static.collected"
    found = _fingerprint()
    if mark.is_file() and mark.read_text() == found and (settings.STATIC_ROOT / "staticfiles.json").is_file():
        return False
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(found)
    return True


def _fingerprint() -> str:
    """Return what tells apart any two sets of files to collect, and where and how they are kept."""
    kept = hashlib.sha256(f"{settings.STATIC_ROOT} {settings.STATIC_URL} {settings.STORAGES}".encode())
    kept.update(f"{version('django')} {version('whitenoise')}".encode())
    files = [(Path(storage.path(path)), path) for finder in get_finders() for path, storage in finder.list([])]
    for file, path in [(Path(__file__), __name__), *sorted(files)]:
        status = file.stat()
        kept.update(f"\n{path} {file} {status.st_size} {status.st_mtime_ns}".encode())
    return kept.hexdigest()
