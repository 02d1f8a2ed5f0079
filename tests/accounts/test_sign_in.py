"""Signing in: who gets in, who is locked out, and what is said to them."""

import base64
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from accounts.adapter import LOCKED, MISMATCH
from accounts.roles import Role
from tests.accounts.conftest import PASSWORD, make_person

SIGN_IN = "/accounts/login/"


def sign_in(client: Client, login: str, password: str = PASSWORD, **more):
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.django_db
@pytest.mark.parametrize("login", ["ed", "ed@example.org", "ED@example.org"])
def test_name_and_address_both_sign_in(client, editor, login):
    response = sign_in(client, login, next="/imports/new/")

    assert response["Location"] == "/imports/new/"
    assert is_signed_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(client, editor, target):
    assert sign_in(client, "ed", next=target)["Location"] == "/claims/"


@pytest.mark.django_db
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(client, editor):
    for login, password in (("ed", "wrong"), ("nobody", "wrong"), ("nobody@example.org", "wrong")):
        response = sign_in(client, login, password)
        assert response.status_code == 200
        assert str(MISMATCH) in response.content.decode()
    assert not is_signed_in(client)


@pytest.mark.django_db
def test_five_failures_close_the_account_for_a_while_also_to_its_owner(client, editor, caplog):
    for _ in range(5):
        assert str(MISMATCH) in sign_in(client, "ed", "wrong").content.decode()
    with caplog.at_level(logging.WARNING, logger="accounts"):
        assert str(LOCKED) in sign_in(client, "ed").content.decode()

    assert not is_signed_in(client)
    assert "sign-in locked ip=127.0.0.1" in caplog.messages
    assert "wrong" not in caplog.text
    make_person("other")
    assert sign_in(client, "other")["Location"] == "/claims/"


@pytest.mark.django_db
def test_a_good_sign_in_between_does_not_begin_the_count_anew(client, editor):
    for _ in range(4):
        sign_in(client, "ed", "wrong")
    sign_in(Client(), "ed")
    sign_in(client, "ed", "wrong")

    assert str(LOCKED) in sign_in(client, "ed").content.decode()


@pytest.mark.django_db
def test_a_new_password_by_mail_opens_a_closed_account_at_once(client, editor):
    for _ in range(6):
        sign_in(client, "ed@example.org", "wrong")
    client.post("/accounts/password/reset/", {"email": "ed@example.org"})
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    form = client.get(link.removeprefix("http://testserver"), follow=True)
    client.post(form.wsgi_request.path, {"password1": "another staple", "password2": "another staple"})

    assert sign_in(client, "ed@example.org", "another staple")["Location"] == "/claims/"


@pytest.mark.django_db
def test_one_address_cannot_try_many_accounts(client, editor):
    for number in range(10):
        sign_in(client, f"name{number}", "wrong")

    assert str(LOCKED) in sign_in(client, "ed").content.decode()
    other_network = client.post(SIGN_IN, {"login": "ed", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert other_network["Location"] == "/claims/"


@pytest.mark.django_db
def test_behind_a_proxy_attempts_are_counted_by_the_address_it_names(client, editor, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(10):
        client.post(
            SIGN_IN, {"login": f"n{number}", "password": "x"}, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 192.0.2.66"
        )

    attempt = {"login": "ed", "password": PASSWORD}
    assert str(LOCKED) in client.post(SIGN_IN, attempt, HTTP_X_FORWARDED_FOR="10.9.9.9, 192.0.2.66").content.decode()
    assert client.post(SIGN_IN, attempt, HTTP_X_FORWARDED_FOR="192.0.2.67")["Location"] == "/claims/"


@pytest.mark.django_db
def test_thirty_requests_a_minute_are_enough_for_one_address(client):
    for _ in range(30):
        assert client.post(SIGN_IN, {"login": ""}).status_code == 200
    response = client.post(SIGN_IN, {"login": ""})

    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_failures_in_several_processes_are_counted_together(forgotten_attempts):
    """Eight at once, each with a connection of its own: no more than five passwords are looked at."""
    make_person("ed")

    def attempt(number: int) -> bool:
        try:
            response = Client(REMOTE_ADDR=f"192.0.2.{number}").post(SIGN_IN, {"login": "ed", "password": "wrong"})
            return str(MISMATCH) in response.content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        looked_at = sum(threads.map(attempt, range(1, 17)))

    assert 1 <= looked_at <= 5


@pytest.mark.django_db
def test_a_closed_account_cannot_sign_in_and_is_signed_out(client, administrator):
    person = make_person("ed", role=Role.EDITOR)
    sign_in(client, "ed")
    manager = Client()
    manager.force_login(administrator)
    manager.post(f"/accounts/people/{person.pk}/close/")

    assert client.get("/accounts/").status_code == 302
    assert sign_in(Client(), "ed")["Location"] == "/accounts/inactive/"


@pytest.mark.django_db
@pytest.mark.parametrize(("remember", "until_closed"), [("on", False), ("", True)])
def test_a_session_ends_with_the_browser_unless_asked_otherwise(client, editor, remember, until_closed):
    sign_in(client, "ed", remember=remember)

    assert client.session.get_expire_at_browser_close() is until_closed


# Programs


@pytest.mark.django_db
def test_a_password_does_not_get_into_the_api(client, editor):
    given = base64.b64encode(f"ed:{PASSWORD}".encode()).decode()
    answer = client.post(
        "/api/v1/imports/", {}, content_type="application/json", headers={"Authorization": f"Basic {given}"}
    )

    assert answer.status_code == 401
    assert "send a token with the scope “import”" in answer.json()["detail"]
