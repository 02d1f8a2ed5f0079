"""Tokens: made and shown once, good for their scopes and their owner's role, and ended."""

import logging
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts import services, tokens
from accounts.models import Token
from accounts.permissions import ScopeUndeclared
from accounts.roles import Role
from accounts.scopes import Scope
from tests.accounts.conftest import PASSWORD, make_person
from tests.accounts.test_own_account import NEW
from tests.accounts.test_sign_in import sign_in

pytestmark = pytest.mark.django_db

CLAIMS = "/api/v1/claims/"


class Annotating(APIView):
    """A view that writes, as views of the API are."""

    required_scopes = {"POST": Scope.ANNOTATE, "PUT": Scope.ANNOTATE}
    required_permissions = {"PUT": "sources.delete_feed"}

    def post(self, request):
        return Response({"user": request.user.get_username()})

    put = post


class Undeclared(APIView):
    def post(self, request):
        return Response({})


def bearing(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def make_secret(user, *scopes: Scope, days: int = 90) -> str:
    _token, secret = tokens.make_token(user, name="Import of the archive", scopes=scopes or [Scope.READ], days=days)
    return secret


def ask(view, secret: str | None = None, *, method: str = "post", headers: dict[str, str] | None = None):
    given = headers or (bearing(secret) if secret else {})
    request = getattr(APIRequestFactory(), method)("/api/v1/imagined/", {}, format="json", headers=given)
    answered = view.as_view()(request)
    answered.render()
    return answered


def sign_in_twice(client: Client, name: str) -> None:
    """Sign in, and type the password once more, as changes of an account ask for it."""
    sign_in(client, name)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


# Making


def test_a_token_is_shown_once_and_kept_as_a_hash(client, editor, caplog):
    sign_in_twice(client, "ed")
    with caplog.at_level(logging.INFO, logger="accounts"):
        made = client.post("/accounts/tokens/new/", {"name": "Archive", "scopes": ["read", "import"], "days": "30"})
    (secret,) = re.findall(r">(sst_[0-9a-f]{40})<", made.content.decode())
    token = Token.objects.get()

    assert made["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert secret not in client.get("/accounts/tokens/").content.decode()
    assert secret[len(token.prefix) :] not in str(list(Token.objects.values()))
    assert secret.startswith(token.prefix)
    assert token.scopes == ["read", "import"]
    assert token.expires_at - token.made_at == timedelta(days=30)
    assert f"token made id={token.uid} user={editor.pk} scopes=read,import days=30" in caplog.messages
    assert secret not in caplog.text


def test_making_a_token_asks_for_the_password_again(client, editor):
    client.force_login(editor)

    assert client.get("/accounts/tokens/new/")["Location"].startswith("/accounts/reauthenticate/?next=")
    assert client.post("/accounts/tokens/new/", {"name": "x", "scopes": ["read"], "days": "1"}).status_code == 302
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"days": "367"}, "less than or equal to 366"),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"scopes": []}, "Choose at least one."),
        ({"scopes": ["admin"]}, "Select a valid choice"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_no_token_can_be_is_said_beside_the_field(client, editor, typed, said):
    sign_in_twice(client, "ed")
    answer = client.post("/accounts/tokens/new/", {"name": "Archive", "scopes": ["read"], "days": "90", **typed})

    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Token.objects.exists()


def test_nobody_makes_a_token_that_may_do_more_than_they(client, editor, administrator):
    reader = make_person("reader")

    assert tokens.scopes_of(reader) == [Scope.READ]
    assert tokens.scopes_of(editor) == [Scope.READ, Scope.IMPORT, Scope.ANNOTATE]
    assert tokens.scopes_of(administrator) == list(Scope)
    with pytest.raises(tokens.ScopeNotYours, match="Import articles"):
        make_secret(reader, Scope.IMPORT)
    with pytest.raises(ValueError, match="1 to 366 days, not 367"):
        make_secret(editor, days=367)
    sign_in_twice(client, "reader")
    form = client.get("/accounts/tokens/new/").content.decode()
    assert 'value="read"' in form
    assert 'value="import"' not in form


def test_the_database_keeps_no_token_without_use_or_end(editor):
    now = timezone.now()
    row = {"user": editor, "name": "x", "prefix": "sst_", "made_at": now, "expires_at": now + timedelta(1)}
    for wrong in ({"scopes": []}, {"scopes": ["read"], "expires_at": now}, {"scopes": ["read"], "revoked_by": editor}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Token.objects.create(digest=str(wrong)[:64], **{**row, **wrong})


# Using


def test_a_token_acts_for_its_owner_where_scope_and_role_allow(editor):
    answer = ask(Annotating, make_secret(editor, Scope.ANNOTATE))

    assert (answer.status_code, answer.data) == (200, {"user": "ed"})


def test_a_scope_that_is_missing_is_named(editor, caplog):
    answer = ask(Annotating, make_secret(editor, Scope.READ, Scope.IMPORT))

    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == 'Bearer realm="Second Source", error="insufficient_scope", scope="annotate"'
    assert "scope “annotate”" in answer.data["detail"]
    assert "has: read, import" in answer.data["detail"]
    assert f"refused user={editor.pk} scope=annotate path=/api/v1/imagined/" in caplog.messages


def test_a_role_that_was_taken_away_takes_the_scope_with_it(editor, caplog):
    secret = make_secret(editor, Scope.ANNOTATE)
    services.set_role(editor, None, by=None)
    answer = ask(Annotating, secret)

    assert answer.status_code == 403
    assert "no role that allows this: annotate articles" in answer.data["detail"]
    assert f"refused user={editor.pk} permission=claims.change_attribution path=/api/v1/imagined/" in caplog.messages


def test_a_view_may_ask_for_another_permission_than_that_of_its_scope(editor, administrator):
    assert ask(Annotating, make_secret(editor, Scope.ANNOTATE), method="put").status_code == 403
    assert ask(Annotating, make_secret(administrator, Scope.ANNOTATE), method="put").status_code == 200


def test_without_an_account_the_answer_says_how_to_ask():
    answer = ask(Annotating)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="Second Source"'
    assert "scope “annotate”" in answer.data["detail"]
    assert ask(Annotating, headers={"Authorization": "Basic ZWQ6eA=="}).status_code == 401


def test_a_method_that_a_view_does_not_know_needs_no_account():
    assert ask(Annotating, method="delete").status_code == 405


def test_a_view_that_writes_and_names_no_scope_is_not_served(editor):
    with pytest.raises(ScopeUndeclared, match="Undeclared must name a scope for POST"):
        ask(Undeclared, make_secret(editor))
    assert issubclass(ScopeUndeclared, ImproperlyConfigured)


def _nothing(token: Token, owner) -> None:
    """Leave all as it is."""


def _expire(token: Token, owner) -> None:
    past = timezone.now() - timedelta(days=2)
    Token.objects.update(made_at=past, expires_at=past + timedelta(days=1))


def _new_password(token: Token, owner) -> None:
    owner.set_password(NEW)
    owner.save()


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (_nothing, 200),
        (_expire, 401),
        (_new_password, 401),
        (lambda token, owner: tokens.revoke_token(token, by=owner), 401),
        (lambda token, owner: services.set_active(owner, False, by=make_person("other", role=Role.ADMINISTRATOR)), 401),
        (lambda token, owner: type(owner).objects.update(is_active=False), 401),
        (lambda token, owner: owner.delete(), 401),
    ],
    ids=["nothing", "expired", "password", "revoked", "closed", "closed elsewhere", "deleted"],
)
def test_a_token_that_ended_is_refused_also_where_all_may_read(client, editor, happens, expected):
    secret = make_secret(editor)
    happens(Token.objects.get(), editor)
    answer = client.get(CLAIMS, headers=bearing(secret))

    assert answer.status_code == expected
    if expected == 401:
        assert answer["WWW-Authenticate"] == 'Bearer realm="Second Source", error="invalid_token"'
        assert "wrong, expired or revoked" in answer.json()["detail"]


@pytest.mark.parametrize("sent", ["", "sst_", "sst_" + "0" * 40, "a b", "é" * 40, "\x7f", "x" * 5000])
def test_what_is_no_token_opens_nothing(client, editor, sent):
    make_secret(editor)
    assert client.get(CLAIMS, headers={"Authorization": f"Bearer {sent}"}).status_code == 401


def test_opening_an_account_again_does_not_bring_its_tokens_back(client, editor, administrator, caplog):
    secret = make_secret(editor)
    with caplog.at_level(logging.INFO, logger="accounts"):
        services.set_active(editor, False, by=administrator)
    services.set_active(editor, True, by=administrator)

    assert client.get(CLAIMS, headers=bearing(secret)).status_code == 401
    assert f"tokens ended user={editor.pk} count=1 why=closed" in caplog.messages


def test_a_hash_that_is_renewed_at_sign_in_ends_no_token(client, editor, settings):
    secret = make_secret(editor)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    before = editor.password
    sign_in(client, "ed")
    editor.refresh_from_db()

    assert editor.password != before
    assert Client().get(CLAIMS, headers=bearing(secret)).status_code == 200


def test_the_last_use_is_written_once_a_minute(client, editor):
    secret = make_secret(editor)

    def updates() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(CLAIMS, headers=bearing(secret)).status_code == 200
        return sum('UPDATE "accounts_token"' in query["sql"] for query in queries)

    assert [updates(), updates()] == [1, 0]
    earlier = timezone.now() - timedelta(seconds=61)
    Token.objects.update(last_used_at=earlier)
    assert updates() == 1
    assert Token.objects.get().last_used_at > earlier


def test_reading_with_a_token_costs_one_query_more(client, editor):
    secret = make_secret(editor)
    client.get(CLAIMS, headers=bearing(secret))
    with CaptureQueriesContext(connection) as without:
        client.get(CLAIMS)
    with CaptureQueriesContext(connection) as with_token:
        client.get(CLAIMS, headers=bearing(secret))

    assert len(with_token) == len(without) + 1


# The browser


def test_a_session_writes_with_its_csrf_token_only(editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    path = "/api/v1/imports/"
    body = {"documents": []}

    forged = client.post(path, body, content_type="application/json")
    assert forged.status_code == 403
    assert "CSRF" in forged.json()["detail"]
    client.get("/accounts/")
    with_token = {"X-CSRFToken": client.cookies["csrftoken"].value}
    assert client.post(path, body, content_type="application/json", headers=with_token).status_code == 400


# The pages


def test_owners_and_administrators_end_tokens_and_nobody_else(client, editor, administrator, caplog):
    secret = make_secret(editor)
    token = Token.objects.get()
    address = f"/accounts/tokens/{token.uid}/revoke/"
    assert client.post(address)["Location"].startswith("/accounts/login/")
    client.force_login(make_person("mallory", role=Role.EDITOR))
    refused = client.post(address)
    assert (refused.status_code, "for administrators" in refused.content.decode()) == (403, True)
    assert client.get("/accounts/tokens/all/").status_code == 403
    assert "Import of the archive" not in client.get("/accounts/tokens/").content.decode()

    client.force_login(administrator)
    assert "Import of the archive" in client.get("/accounts/tokens/all/").content.decode()
    with caplog.at_level(logging.INFO, logger="accounts"):
        assert client.post(address)["Location"] == "/accounts/tokens/all/"
    assert f"token revoked id={token.uid} user={editor.pk} by={administrator.pk}" in caplog.messages
    client.force_login(editor)
    assert "Ended by ada" in client.get("/accounts/tokens/").content.decode()
    assert Client().get(CLAIMS, headers=bearing(secret)).status_code == 401


def test_a_new_password_is_told_as_the_end_of_tokens(client, editor):
    make_secret(editor)
    sign_in(client, "ed")
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert "with a new password or because the account was closed" in client.get("/accounts/tokens/").content.decode()


@pytest.mark.parametrize("page", ["/accounts/tokens/", "/accounts/tokens/all/"])
def test_tokens_are_listed_with_the_same_number_of_queries_at_any_length(client, administrator, page):
    client.force_login(administrator)

    def count(tokens_made: int) -> int:
        for _ in range(tokens_made):
            make_secret(administrator)
            tokens.revoke_token(Token.objects.latest("pk"), by=administrator)
            make_secret(administrator)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    assert count(1) == count(20)
