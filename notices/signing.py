"""Secrets and signatures of webhooks, as the Standard Webhooks specification has them."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from django.utils.crypto import get_random_string, salted_hmac

_PURPOSE = "notices.webhook"
_MARK = "whsec_"


def new_salt() -> str:
    """Return what another secret is made from."""
    return get_random_string(32)


def secret_of(salt: str) -> str:
    """Return the secret that a receiver checks signatures with.

    It follows from the site's SECRET_KEY, so that who reads the database or a backup cannot sign.
    """
    return _MARK + base64.b64encode(_key(salt)).decode()


def signature_headers(message_id: str, body: bytes, *, at: int, salts: Iterable[str]) -> dict[str, str]:
    """Return the headers of a message: its id, when it is sent (seconds since 1970), and a signature by each secret."""
    signed = b".".join([message_id.encode(), str(at).encode(), body])
    signatures = (base64.b64encode(hmac.digest(_key(salt), signed, hashlib.sha256)).decode() for salt in salts)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _key(salt: str) -> bytes:
    return salted_hmac(_PURPOSE, salt, algorithm="sha256").digest()
