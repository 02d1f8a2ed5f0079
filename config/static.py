"""How static files are stored: hashed names, packed once at the start."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PackedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage with gzip alone.

    Brotli, which a dependency brings along, packs the API browser's scripts a fifth smaller and takes twenty seconds of
    every start for it.
    """

    def create_compressor(self, **options: Any) -> Compressor:
        return Compressor(use_brotli=False, **options)
