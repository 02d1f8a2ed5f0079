"""Who gets what from every address of accounts: a table."""

import logging

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from accounts import services, tokens
from accounts.access import RoleTooLow, requires
from accounts.roles import Role
from accounts.scopes import Scope
from tests.accounts.conftest import PASSWORD, make_person

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
#: Method, address: what the stranger, the reader, the editor and the administrator get.
#: 302 leads to signing in; `again` to typing the password once more; `home` away, because one is signed in.
TABLE = {
    "GET /accounts/": (302, 200, 200, 200),
    "GET /accounts/login/": (200, "home", "home", "home"),
    "GET /accounts/logout/": ("home", 200, 200, 200),
    "POST /accounts/logout/": ("home", "home", "home", "home"),
    "GET /accounts/inactive/": (200, 200, 200, 200),
    "GET /accounts/signup/": (200, "home", "home", "home"),
    "POST /accounts/signup/": (200, "home", "home", "home"),
    "GET /accounts/reauthenticate/": (302, 200, 200, 200),
    "GET /accounts/email/": (302, 200, 200, 200),
    "POST /accounts/email/": (302, "self", "self", "self"),
    "GET /accounts/confirm-email/": (200, 200, 200, 200),
    "GET /accounts/confirm-email/forged/": (200, 200, 200, 200),
    "GET /accounts/password/change/": (302, 200, 200, 200),
    "GET /accounts/password/set/": (302, "password", "password", "password"),
    "GET /accounts/password/reset/": (200, 200, 200, 200),
    "GET /accounts/password/reset/done/": (200, 200, 200, 200),
    "GET /accounts/password/reset/key/done/": (200, 200, 200, 200),
    "GET /accounts/password/reset/key/1-forged/": (200, 200, 200, 200),
    "GET /accounts/login/code/confirm/": (302, "home", "home", "home"),
    "GET /accounts/2fa/": (302, 200, 200, 200),
    "GET /accounts/2fa/authenticate/": (302, "home", "home", "home"),
    "GET /accounts/2fa/reauthenticate/": (302, "again", "again", "again"),
    "GET /accounts/2fa/totp/activate/": (302, "again", "again", "again"),
    "GET /accounts/2fa/totp/deactivate/": (302, 404, 404, 404),
    "GET /accounts/2fa/recovery-codes/": (302, 404, 404, 404),
    "GET /accounts/2fa/recovery-codes/generate/": (302, "again", "again", "again"),
    "GET /accounts/2fa/recovery-codes/download/": (302, 404, 404, 404),
    "GET /accounts/sessions/": (302, 200, 200, 200),
    "POST /accounts/sessions/": (302, "self", "self", "self"),
    "GET /accounts/tokens/": (302, 200, 200, 200),
    "GET /accounts/tokens/new/": (302, "again", "again", "again"),
    "POST /accounts/tokens/new/": (302, "again", "again", "again"),
    "GET /accounts/tokens/all/": (302, 403, 403, 200),
    "POST /accounts/tokens/{access}/revoke/": (302, 403, 403, "tokens"),
    "GET /accounts/people/": (302, 403, 403, 200),
    "POST /accounts/people/": (302, 403, 403, 400),
    "GET /accounts/people/{other}/": (302, 403, 403, 200),
    "POST /accounts/people/{other}/role/": (302, 403, 403, "person"),
    "POST /accounts/people/{other}/close/": (302, 403, 403, "person"),
    "POST /accounts/people/{other}/open/": (302, 403, 403, "person"),
    "POST /accounts/people/{other}/one-step/": (302, 403, 403, "person"),
    "GET /accounts/invitations/{token}/": (200, 200, 200, 200),
    "POST /accounts/invitations/{uid}/revoke/": (302, 403, 403, "people"),
    "GET /accounts/invitations/forged/": (410, 410, 410, 410),
    "GET /admin/": (302, 302, 302, 200),
    "GET /admin/login/": (302, 403, 403, "admin"),
    "GET /admin/password_change/": ("password", "password", "password", "password"),
}
WHO = ("stranger", "reader", "editor", "administrator")
LEADS_TO = {
    302: (SIGN_IN, "/admin/login/"),
    "home": ("/claims/",),
    "self": ("/accounts/email/", "/accounts/sessions/"),
    "again": ("/accounts/reauthenticate/",),
    "password": ("/accounts/password/change/",),
    "person": ("/accounts/people/",),
    "people": ("/accounts/people/",),
    "tokens": ("/accounts/tokens/",),
    "admin": ("/admin/",),
}


@pytest.mark.parametrize("column", range(4), ids=WHO)
def test_every_address_of_accounts_by_role(column):
    roles = {"editor": Role.EDITOR, "administrator": Role.ADMINISTRATOR}
    other = make_person("other")
    invitation = services.invite("new@example.org", role=Role.EDITOR, by=None)
    access, _secret = tokens.make_token(other, name="Archive", scopes=[Scope.READ], days=1)
    user = None if column == 0 else make_person(WHO[column], role=roles.get(WHO[column]))
    names = {"other": other.pk, "uid": invitation.uid, "token": services.token_of(invitation), "access": access.uid}
    wrong = []
    for line, expected in TABLE.items():
        verb, address = line.format(**names).split()
        client = Client()
        if user is not None:
            client.force_login(user)
        response = getattr(client, verb.lower())(address)
        location = response.get("Location", "")
        meant = expected[column]
        if isinstance(meant, str) or meant == 302:
            if response.status_code != 302 or not location.startswith(LEADS_TO[meant]):
                wrong.append((line, meant, response.status_code, location))
        elif response.status_code != meant:
            wrong.append((line, meant, response.status_code, location))
    assert wrong == []
    other.refresh_from_db()
    assert other.is_active or column == 3


def test_the_table_has_every_address_of_accounts():
    def addresses(resolver: URLResolver, prefix: str = ""):
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from addresses(pattern, prefix + str(pattern.pattern))
            elif isinstance(pattern, URLPattern):
                yield prefix + str(pattern.pattern)

    mounted = {address for address in addresses(get_resolver()) if address.startswith("accounts/")}
    # Those of ours, and two of allauth's, whose expressions stand in the table with a value each.
    parts = {"{other}": "<int:pk>", "{uid}": "<uuid:uid>", "{access}": "<uuid:uid>", "{token}": "<str:token>"}
    listed = set()
    for line in TABLE:
        address = line.split()[1].removeprefix("/")
        for name, pattern in parts.items():
            address = address.replace(name, pattern)
        listed.add(address)
    with_expressions = {
        r"accounts/^confirm-email/(?P<key>[-:\w]+)/$",
        r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    }
    assert mounted - listed == with_expressions


def test_a_role_too_low_is_explained_and_logged(client, editor, caplog):
    client.force_login(editor)
    with caplog.at_level(logging.WARNING, logger="accounts.access"):
        response = client.get("/accounts/people/")

    assert response.status_code == 403
    assert (
        "This page is for administrators: they may invite people and change their roles." in response.content.decode()
    )
    assert f"refused user={editor.pk} permission=accounts.manage_people path=/accounts/people/" in caplog.messages


def test_requires_sends_strangers_to_sign_in_and_back(editor):
    view = requires("sources.add_feed")(lambda request: HttpResponse("in"))
    request = RequestFactory().get("/feeds/?state=broken")

    request.user = AnonymousUser()
    assert view(request)["Location"] == "/accounts/login/?next=/feeds/%3Fstate%3Dbroken"
    request.user = editor
    assert view(request).content == b"in"
    request.user = User.objects.create_user("reader")
    with pytest.raises(RoleTooLow, match="for editors and administrators: they may import articles and change feeds"):
        view(request)


def test_a_form_from_another_site_is_refused(administrator, editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)

    assert client.post(f"/accounts/people/{editor.pk}/close/").status_code == 403
    assert client.post("/accounts/people/", {"email": "x@example.org", "role": "editor"}).status_code == 403
    editor.refresh_from_db()
    assert editor.is_active


def test_people_are_listed_with_the_same_number_of_queries_at_any_length(client, administrator):
    def count(people: int) -> int:
        for number in range(people):
            person = make_person(f"p{people}-{number}", role=Role.EDITOR)
            Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
            services.invite(f"i{people}-{number}@example.org", role=Role.EDITOR, by=administrator)
            revoked = services.invite(f"r{people}-{number}@example.org", role=Role.EDITOR, by=administrator)
            services.revoke_invitation(revoked, by=administrator)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/accounts/people/").status_code == 200
        return len(queries)

    client.force_login(administrator)
    assert count(1) == count(20)


def test_the_administration_has_no_sign_in_of_its_own(client, administrator):
    response = client.post("/admin/login/", {"username": "ada", "password": PASSWORD})

    assert response["Location"].startswith(SIGN_IN)
    assert "_auth_user_id" not in client.session
