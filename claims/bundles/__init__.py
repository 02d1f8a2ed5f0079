"""The evidence of a claim as one archive that can be kept, and checked without this site."""

from claims.bundles.archives import BundleTooLarge, write_bundle

__all__ = ["BundleTooLarge", "write_bundle"]
