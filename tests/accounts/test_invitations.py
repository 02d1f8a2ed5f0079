"""An invitation from its making to its end: accepted once, withdrawn, expired, forged."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import services
from accounts.errors import AccountExists, AddressHasAccount, InvitationUnusable, LastAdministrator, OwnAccount
from accounts.models import Invitation
from accounts.roles import Role, role_of
from tests.accounts.conftest import PASSWORD, make_person

CHOSEN = {"name": "nora", "password1": "a boat and a lamp", "password2": "a boat and a lamp"}


@pytest.fixture
def invitation(db) -> Invitation:
    return services.invite("Nora@Example.org", role=Role.EDITOR, by=None)


@pytest.fixture
def address(invitation) -> str:
    return f"/accounts/invitations/{services.token_of(invitation)}/"


@pytest.mark.django_db
def test_an_invited_address_becomes_an_editor_who_is_signed_in(client, administrator):
    client.force_login(administrator)
    client.post("/accounts/people/", {"email": "Nora@Example.org", "role": "editor"})
    client.logout()
    (message,) = mail.outbox
    link = next(line for line in message.body.splitlines() if line.startswith("http"))

    assert message.to == ["nora@example.org"]
    assert "ada invites you to Second Source. Your role: Editor." in message.body
    page = client.get(link)
    assert page.status_code == 200
    assert "nora@example.org" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    response = client.post(link, CHOSEN)

    assert response["Location"] == "/accounts/"
    nora = User.objects.get(username="nora")
    assert client.session["_auth_user_id"] == str(nora.pk)
    assert (role_of(nora), nora.is_staff) == (Role.EDITOR, False)
    assert EmailAddress.objects.get(user=nora).verified
    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.account, invitation.invited_by) == ("accepted", nora, administrator)
    assert len(mail.outbox) == 1


def test_a_link_is_good_once(client, address):
    client.post(address, CHOSEN)
    client.logout()
    again = client.post(address, {**CHOSEN, "name": "mallory"})

    assert again.status_code == 410
    assert "was used already" in again.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda row: services.revoke_invitation(row, by=make_person("ada")), "was withdrawn"),
        (lambda row: services.invite(row.email, role=Role.EDITOR, by=None), "was withdrawn"),
        (
            lambda row: Invitation.objects.update(
                invited_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(seconds=1)
            ),
            "has expired",
        ),
        (lambda row: row.delete(), "was withdrawn"),
    ],
    ids=["revoked", "replaced", "expired", "deleted"],
)
def test_a_spoiled_link_says_why_it_leads_nowhere(client, invitation, address, spoil, said):
    before = client.get(address)
    spoil(invitation)
    for response in (client.get(address), client.post(address, CHOSEN)):
        assert response.status_code == 410
        assert said in response.content.decode()
    assert before.status_code == 200
    assert not User.objects.filter(username="nora").exists()


def test_only_we_can_make_a_link(client, invitation, address, settings):
    forged = [
        f"/accounts/invitations/{invitation.uid.hex}/",
        f"/accounts/invitations/{invitation.uid.hex}:x/",
        address[:-3] + "/",
    ]
    settings.SECRET_KEY = "another"
    assert {client.get(each).status_code for each in forged} == {410}
    assert "This is not the whole link" in client.get(forged[0]).content.decode()


def test_what_is_wrong_with_name_or_password_is_said_and_the_link_stays_good(client, address):
    make_person("Ed")
    for wrong, said in (
        ({"name": "ED"}, "This name is taken"),
        ({"name": "n o"}, "Enter a valid username"),
        ({"password2": "another"}, "not the same password"),
        ({"password1": "12345678", "password2": "12345678"}, "too common"),
        ({"name": "norabell", "password1": "norabell", "password2": "norabell"}, "too similar"),
    ):
        response = client.post(address, CHOSEN | wrong)
        assert response.status_code == 400, wrong
        assert said in response.content.decode(), wrong
    assert client.post(address, CHOSEN).status_code == 302


def test_somebody_signed_in_does_not_accept_for_another(client, address):
    client.force_login(make_person("ed"))
    response = client.post(address, CHOSEN)

    assert "You are signed in as ed" in response.content.decode()
    assert not User.objects.filter(username="nora").exists()
    assert client.post("/accounts/logout/", {"next": address})["Location"] == address


def test_an_address_that_has_an_account_is_not_invited(client, administrator, invitation):
    services.accept_invitation(services.token_of(invitation), name="nora", password=PASSWORD)
    with pytest.raises(AddressHasAccount, match="has an account already, nora"):
        services.invite("NORA@example.org", role=Role.EDITOR, by=administrator)

    client.force_login(administrator)
    response = client.post("/accounts/people/", {"email": "nora@example.org", "role": "editor"})
    assert response.status_code == 400
    assert "has an account already" in response.content.decode()


def test_an_account_made_meanwhile_is_not_made_twice(invitation):
    make_person("other", email="nora@example.org")

    with pytest.raises(AccountExists, match="There is an account with the address"):
        services.accept_invitation(services.token_of(invitation), name="nora", password=PASSWORD)
    invitation.refresh_from_db()
    assert invitation.state == "open"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_account():
    token = services.token_of(services.invite("nora@example.org", role=Role.EDITOR, by=None))

    def accept(number: int) -> str:
        try:
            return services.accept_invitation(token, name=f"nora{number}", password=PASSWORD).username
        except InvitationUnusable as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(accept, range(4)))

    assert sum(answer.startswith("nora") for answer in answers) == User.objects.count() == 1
    assert sum("was used already" in answer for answer in answers) == 3


def test_the_database_keeps_one_unanswered_invitation_for_an_address(invitation):
    now = timezone.now()
    with pytest.raises(IntegrityError, match="one_unanswered"), transaction.atomic():
        Invitation.objects.create(email="NORA@example.org", role="editor", expires_at=now + timedelta(days=1))
    with pytest.raises(IntegrityError, match="not_both"), transaction.atomic():
        Invitation.objects.update(accepted_at=now, revoked_at=now)


def test_a_mail_server_that_fails_leaves_the_invitation_and_shows_the_link(client, administrator, monkeypatch):
    def fail(self, messages):
        raise smtplib.SMTPRecipientsRefused({})

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    client.force_login(administrator)
    page = client.post("/accounts/people/", {"email": "nora@example.org", "role": "editor"}, follow=True)
    text = page.content.decode()

    assert "nora@example.org is invited. The mail to nora@example.org could not be sent" in text
    assert f"/accounts/invitations/{services.token_of(Invitation.objects.get())}/" in text


def test_an_administrator_withdraws_an_invitation(client, administrator, invitation, address):
    client.force_login(administrator)
    assert "nora@example.org" in client.get("/accounts/people/").content.decode()
    client.post(f"/accounts/invitations/{invitation.uid}/revoke/")
    client.logout()

    invitation.refresh_from_db()
    assert (invitation.state, invitation.revoked_by) == ("revoked", administrator)
    assert client.get(address).status_code == 410


# Roles of people


@pytest.mark.django_db
def test_an_administrator_changes_a_role_and_it_counts_at_once(client, administrator):
    person = make_person("ed")
    session = type(client)()
    session.force_login(person)
    client.force_login(administrator)
    address = f"/accounts/people/{person.pk}/role/"

    assert session.get("/imports/new/").status_code == 403
    client.post(address, {"role": "editor"})
    assert session.get("/imports/new/").status_code == 200
    client.post(address, {"role": ""})
    assert session.get("/imports/new/").status_code == 403
    assert client.post(address, {"role": "king"}).status_code == 400


@pytest.mark.django_db
def test_the_last_administrator_stays(client, administrator):
    client.force_login(administrator)
    response = client.post(f"/accounts/people/{administrator.pk}/role/", {"role": ""})

    assert response.status_code == 409
    assert "This is the last administrator" in response.content.decode()
    second = make_person("second", role=Role.ADMINISTRATOR)
    services.set_role(administrator, None, by=administrator)
    with pytest.raises(LastAdministrator):
        services.set_active(second, False, by=administrator)
    with pytest.raises(OwnAccount):
        services.set_active(second, False, by=second)


@pytest.mark.django_db
def test_a_superuser_who_becomes_an_editor_is_none_any_more(administrator):
    as_it_was = User.objects.create_superuser("root", password=PASSWORD)
    services.set_role(as_it_was, Role.EDITOR, by=administrator)
    root = User.objects.get(pk=as_it_was.pk)
    assert (root.is_superuser, root.is_staff, role_of(root)) == (False, False, Role.EDITOR)

    services.set_role(as_it_was, Role.ADMINISTRATOR, by=administrator)
    root = User.objects.get(pk=as_it_was.pk)
    assert (root.is_superuser, root.is_staff, role_of(root)) == (False, True, Role.ADMINISTRATOR)
