"""Identifiers that leave the database: derived from what they name, so a re-import gives the same ones."""

import hashlib
import uuid

NAMESPACE = uuid.UUID("2f0e6f0c-5d5c-5b8e-9a53-7d3f6f3b8a11")


def uid_for(*parts: str) -> uuid.UUID:
    """Return the UUID of the thing that `parts` identify (version 5, RFC 9562)."""
    return uuid.uuid5(NAMESPACE, "\x1f".join(parts))


def sha256_hex(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
