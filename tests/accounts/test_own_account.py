"""What a person does with the own account: password, address, sessions."""

import smtplib

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from tests.accounts.conftest import PASSWORD
from tests.accounts.test_sign_in import is_signed_in, sign_in

pytestmark = pytest.mark.django_db

NEW = "another staple"


def links(message) -> list[str]:
    return [line.removeprefix("http://testserver") for line in message.body.splitlines() if line.startswith("http")]


def reset(client: Client, link: str, password: str = NEW):
    form = client.get(link, follow=True)
    return client.post(form.wsgi_request.path, {"password1": password, "password2": password})


def test_a_forgotten_password_is_reset_by_a_link_that_is_good_once(client, editor):
    response = client.post("/accounts/password/reset/", {"email": "ED@example.org"})
    assert response["Location"] == "/accounts/password/reset/done/"
    (message,) = mail.outbox
    assert message.subject == "Second Source: Set a new password"
    (link,) = links(message)

    assert "too common" in reset(client, link, "password1").content.decode()
    assert reset(client, link)["Location"] == "/accounts/password/reset/key/done/"
    assert not is_signed_in(client)
    assert "This link cannot be used" in client.get(link, follow=True).content.decode()
    assert sign_in(client, "ed", NEW)["Location"] == "/claims/"


def test_asking_for_a_reset_does_not_tell_who_has_an_account(client, editor):
    known = client.post("/accounts/password/reset/", {"email": "ed@example.org"}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert [message.to for message in mail.outbox] == [["ed@example.org"]]


def test_a_mail_server_that_fails_is_told_to_those_signed_in_only(client, editor, monkeypatch, caplog):
    def fail(self, messages):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    stranger = client.post("/accounts/password/reset/", {"email": "ed@example.org"}, follow=True)
    assert stranger.status_code == 200
    assert "could not be sent" not in stranger.content.decode()
    assert "mail not sent kind=password_reset_key" in caplog.text
    sign_in(client, "ed")
    changed = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}, follow=True
    )
    assert "The mail to ed@example.org could not be sent." in changed.content.decode()
    editor.refresh_from_db()
    assert editor.check_password(NEW)


def test_changing_the_password_signs_out_everywhere_else(client, editor):
    elsewhere = Client()
    sign_in(client, "ed")
    sign_in(elsewhere, "ed")
    wrong = client.post("/accounts/password/change/", {"oldpassword": "x", "password1": NEW, "password2": NEW})
    assert "This is not your present password." in wrong.content.decode()
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert client.get("/accounts/").status_code == 200
    assert elsewhere.get("/accounts/").status_code == 302
    assert [message.subject for message in mail.outbox] == ["Second Source: Password Changed"]


def test_sessions_are_listed_and_the_others_ended(client, editor):
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    elsewhere = Client(HTTP_USER_AGENT=firefox, REMOTE_ADDR="192.0.2.9")
    sign_in(elsewhere, "ed")
    sign_in(client, "ed")
    page = client.get("/accounts/sessions/").content.decode()

    assert "Firefox on Linux" in page
    assert "192.0.2.9" in page
    assert page.count("this one") == 1
    client.post("/accounts/sessions/")
    assert elsewhere.get("/accounts/").status_code == 302
    assert client.get("/accounts/").status_code == 200
    assert client.get("/accounts/sessions/").content.decode().count('<th scope="row">') == 1


def test_a_new_address_counts_once_it_is_confirmed(client, editor):
    EmailAddress.objects.create(user=editor, email="ed@example.org", verified=True, primary=True)
    sign_in(client, "ed")
    asked = client.post("/accounts/email/", {"email": "new@example.org", "action_add": "1"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    client.post(asked["Location"], {"password": PASSWORD})
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": "1"})
    confirmation = next(message for message in mail.outbox if message.to == ["new@example.org"])
    assert EmailAddress.objects.get(user=editor, primary=True).email == "ed@example.org"
    page = client.get("/accounts/email/").content.decode()
    assert "waits to be confirmed" in page

    (link,) = links(confirmation)
    assert "becomes the address of the account ed" in client.get(link).content.decode()
    client.post(link)
    editor.refresh_from_db()
    assert editor.email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("new@example.org", True, True)]


def test_the_account_page_says_what_one_may_do(client, editor, administrator):
    client.force_login(editor)
    mine = client.get("/accounts/").content.decode()
    client.force_login(administrator)
    theirs = client.get("/accounts/").content.decode()

    assert "Editor. You may:" in mine
    assert "annotate articles, and decide on reports and claims" in mine
    assert "/accounts/people/" not in mine
    assert "invite people and change their roles" in theirs
    assert 'href="/accounts/people/"' in theirs


def test_pages_say_where_mail_goes_when_none_is_sent(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "This site sends no mail yet" in client.get("/accounts/password/reset/").content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert "This site sends no mail yet" not in client.get("/accounts/password/reset/").content.decode()
