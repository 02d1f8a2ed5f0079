"""Where mail goes, from one variable."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.mail import mail_settings


@pytest.mark.parametrize(
    ("url", "host", "port", "ssl", "starttls"),
    [
        ("smtps://u:p%40ss@mail.example.org", "mail.example.org", 465, True, False),
        ("smtp+tls://u:p%40ss@mail.example.org", "mail.example.org", 587, False, True),
        ("smtp+tls://u:p%40ss@[::1]:2525", "::1", 2525, False, True),
        ("smtp://u:p%40ss@localhost:1025/", "localhost", 1025, False, False),
    ],
)
def test_an_address_of_a_mail_server_is_read(url, host, port, ssl, starttls):
    read = mail_settings(url)

    assert (read["EMAIL_HOST"], read["EMAIL_PORT"]) == (host, port)
    assert (read["EMAIL_USE_SSL"], read["EMAIL_USE_TLS"]) == (ssl, starttls)
    assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == ("u", "p@ss")
    assert read["EMAIL_TIMEOUT"] == 15


@pytest.mark.parametrize(
    "url",
    [
        "",
        "smtp",
        "http://u:secret@host",
        "smtp://",
        "smtp://u:secret@host:x",
        "smtp://u:secret@host/path",
        "smtp://h?x=1",
    ],
)
def test_anything_else_is_refused_without_its_password(url):
    with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_URL must be ") as error:
        mail_settings(url)

    assert "secret" not in str(error.value)
