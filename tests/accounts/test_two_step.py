"""Two-step sign-in: a code of an authenticator app, computed here as such an app does."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from accounts.adapter import LOCKED
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_sign_in import is_signed_in, sign_in

pytestmark = pytest.mark.django_db

ACTIVATE = "/accounts/2fa/totp/activate/"


def code_of(secret: str, *, at: float | None = None) -> str:
    """Return the six digits of a moment (RFC 6238: SHA-1, steps of 30 seconds)."""
    moment = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    digest = hmac.new(base64.b32decode(secret), moment, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def type_password_again(client: Client, address: str):
    return client.post(f"/accounts/reauthenticate/?next={address}", {"password": PASSWORD})


@pytest.fixture
def secret(client, editor) -> str:
    """Give the key of an editor's app, which is turned on; the client is signed out."""
    client.force_login(editor)
    type_password_again(client, ACTIVATE)
    response = client.get(ACTIVATE)
    assert "no-store" in response["Cache-Control"]
    page = response.content.decode()
    key = re.search(r'class="key">(\w+)<', page)[1]
    assert "<svg" in page
    assert "<?xml" not in page
    assert client.post(ACTIVATE, {"code": code_of(key)})["Location"] == "/accounts/2fa/recovery-codes/"
    assert "no-store" in client.get("/accounts/2fa/recovery-codes/")["Cache-Control"]
    mail.outbox.clear()
    client.logout()
    return key


def test_a_code_as_in_the_standard():
    assert code_of(base64.b32encode(b"12345678901234567890").decode(), at=1_111_111_109) == "081804"


def test_turning_it_on_asks_for_the_password_first(client, editor):
    client.force_login(editor)
    response = client.get(ACTIVATE)

    assert response["Location"].startswith("/accounts/reauthenticate/?next=")
    wrong = client.post(response["Location"], {"password": "wrong"})
    assert "This is not your password." in wrong.content.decode()
    assert client.post(ACTIVATE, {"code": "123456"}).status_code == 302
    assert not Authenticator.objects.exists()


def test_a_wrong_code_turns_nothing_on(client, editor):
    client.force_login(editor)
    type_password_again(client, ACTIVATE)
    client.get(ACTIVATE)
    page = client.post(ACTIVATE, {"code": "0000000"}).content.decode()

    assert "This code is not, or no longer, right." in page
    assert not Authenticator.objects.exists()


def test_the_password_alone_does_not_sign_in_any_more(client, secret):
    response = sign_in(client, "ed", next="/imports/new/")

    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(client)
    assert client.get("/imports/new/").status_code == 302
    page = client.post("/accounts/2fa/authenticate/", {"code": "000000x"}).content.decode()
    assert "This code is not, or no longer, right." in page
    done = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert done["Location"] == "/imports/new/"
    assert is_signed_in(client)


def test_a_code_is_good_once(client, secret):
    code = code_of(secret)
    sign_in(client, "ed")
    client.post("/accounts/2fa/authenticate/", {"code": code})
    other = Client()
    sign_in(other, "ed")
    other.post("/accounts/2fa/authenticate/", {"code": code})

    assert (is_signed_in(client), is_signed_in(other)) == (True, False)


def test_guessing_codes_is_stopped(client, secret):
    sign_in(client, "ed")
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000x"})
    page = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).content.decode()

    assert str(LOCKED) in page
    assert not is_signed_in(client)


def test_a_recovery_code_signs_in_once(client, editor, secret):
    codes = Authenticator.objects.get(user=editor, type="recovery_codes").wrap().get_unused_codes()
    for expected in (True, False):
        visitor = Client()
        sign_in(visitor, "ed")
        visitor.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert is_signed_in(visitor) is expected
    assert len(codes) == 10


def test_it_is_turned_off_by_its_owner_who_is_told_by_mail(client, editor, secret):
    client.force_login(editor)
    response = client.get("/accounts/2fa/totp/deactivate/")
    assert "reauthenticate" in response["Location"]
    type_password_again(client, "/accounts/2fa/totp/deactivate/")
    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert [message.subject for message in mail.outbox] == ["Second Source: Authenticator App Deactivated"]


def test_an_administrator_lets_in_who_lost_everything(client, editor, secret, administrator):
    manager = Client()
    manager.force_login(administrator)
    assert "Take two-step sign-in off" in manager.get(f"/accounts/people/{editor.pk}/").content.decode()
    manager.post(f"/accounts/people/{editor.pk}/one-step/")

    assert sign_in(client, "ed")["Location"] == "/claims/"
    assert manager.post(f"/accounts/people/{administrator.pk}/one-step/").status_code == 409
