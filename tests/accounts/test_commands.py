"""The first administrator, and invitations, from the command line."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command

from accounts.models import Invitation
from accounts.roles import Role, role_of
from tests.accounts.conftest import PASSWORD, make_person

pytestmark = pytest.mark.django_db


def run(*command: str) -> str:
    output = StringIO()
    call_command(*command, stdout=output)
    return output.getvalue().strip()


def test_the_first_administrator_can_sign_in_and_invite(client, monkeypatch):
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", PASSWORD)
    said = run("create_administrator", "--name", "ada", "--email", "Ada@example.org")

    ada = User.objects.get()
    assert said == "ada can sign in now, and invite others under /accounts/people/."
    assert (ada.email, role_of(ada), ada.is_staff, ada.is_superuser) == (
        "ada@example.org",
        Role.ADMINISTRATOR,
        True,
        False,
    )
    assert client.post("/accounts/login/", {"login": "ada", "password": PASSWORD}).status_code == 302
    assert client.get("/accounts/people/").status_code == 200
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("name", "email", "password", "said"),
    [
        ("ed", "x@example.org", PASSWORD, "This name is taken"),
        ("ada", "ed@example.org", PASSWORD, "There is an account with the address ed@example.org"),
        ("ada", "no address", PASSWORD, "Enter a valid email address"),
        ("ada", "x@example.org", "12345", "too short"),
        ("ada", "x@example.org", "", "Nobody is there to be asked"),
        ("", "x@example.org", PASSWORD, "Nobody is there to be asked"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_made(monkeypatch, name, email, password, said):
    make_person("ed")
    monkeypatch.setenv("ADMINISTRATOR_PASSWORD", password)
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(CommandError, match=said):
        run("create_administrator", "--name", name, "--email", email)

    assert User.objects.count() == 1


def test_a_link_is_printed_and_mailed_if_asked(client, settings):
    settings.SITE_URL = "https://desk.example.org/"
    link = run("invite", "nora@example.org", "--role", "administrator", "--days", "2", "--mail")

    assert link.startswith("https://desk.example.org/accounts/invitations/")
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.invited_by) == ("administrator", None)
    assert (invitation.expires_at - invitation.invited_at).days == 2
    assert link in mail.outbox[0].body
    assert client.get(link.removeprefix("https://desk.example.org")).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody"], "is no e-mail address"),
        (["x@example.org", "--days", "0"], "at least 1"),
        (["ed@example.org"], "has an account already, ed"),
    ],
)
def test_what_cannot_be_invited_is_refused(arguments, said):
    make_person("ed")
    with pytest.raises(CommandError, match=said):
        run("invite", *arguments)
    assert not Invitation.objects.exists()
