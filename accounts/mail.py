"""Where mail goes, read from one address; no Django app is needed for it."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

#: What `EMAIL_URL` may begin with: is TLS used from the first byte, is it begun by STARTTLS, the usual port.
_SCHEMES = {"smtps": (True, False, 465), "smtp+tls": (False, True, 587), "smtp": (False, False, 25)}
CONSOLE = "django.core.mail.backends.console.EmailBackend"
#: A page waits for the mail server.
TIMEOUT_S = 15


def mail_settings(url: str) -> dict[str, Any]:
    """Return Django's settings for `smtps://`, `smtp+tls://` or `smtp://user:password@host:port`, or `console:`.

    Raises ImproperlyConfigured when it is none of them; its message does not hold the password.
    """
    if url == "console:":
        return {"EMAIL_BACKEND": CONSOLE}
    expected = "EMAIL_URL must be smtps://, smtp+tls:// or smtp://[user:password@]host[:port], or console:"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(expected) from None
    if parts.scheme not in _SCHEMES or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ImproperlyConfigured(expected)
    tls, starttls, usual_port = _SCHEMES[parts.scheme]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or usual_port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": tls,
        "EMAIL_USE_TLS": starttls,
        "EMAIL_TIMEOUT": TIMEOUT_S,
    }
