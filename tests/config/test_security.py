"""What guards the site as a whole: the headers of every answer, and how passwords are kept."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import override_settings

from config.headers import CONTENT_SECURITY_POLICY, HEADERS
from config.settings import PASSWORD_HASHERS
from tests.factories import make_article, make_user

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"), [("/claims/", 200), ("/no-such-page", 404), ("/api/v1/claims/", 200), ("/healthz", 200)]
)
def test_every_answer_says_what_a_browser_may_do_with_it(client, path, status):
    response = client.get(path)

    assert response.status_code == status
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_page_runs_and_styles_by_files_of_the_site_alone():
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    assert CONTENT_SECURITY_POLICY["default-src"] == CONTENT_SECURITY_POLICY["base-uri"] == "'none'"
    assert CONTENT_SECURITY_POLICY["script-src"] == CONTENT_SECURITY_POLICY["style-src"] == "'self'"


@pytest.mark.django_db
def test_static_files_have_the_headers_too(client, settings):
    response = client.get("/static/second-source.css")

    assert response.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_bytes_of_another_site_stay_in_their_own_stricter_box(client):
    snapshot = make_article().snapshots.get()
    response = client.get(f"/snapshots/{snapshot.uid}/")

    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31_536_000)
def test_behind_https_browsers_are_told_to_stay_there(client):
    assert client.get("/claims/").headers["Location"] == "https://testserver/claims/"
    secure = client.get("/claims/", secure=True)
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    # Who watches asks the process itself.
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_passwords_are_kept_by_argon2_and_older_hashes_renewed_at_sign_in(client, settings):
    # The site's own; tests take quicker ones.
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    user = make_user()
    assert user.password.startswith("argon2$argon2id$")

    older = make_password("correct horse battery staple", hasher="pbkdf2_sha256")
    User.objects.filter(pk=user.pk).update(password=older)
    assert client.login(username=user.username, password="correct horse battery staple")
    assert User.objects.get(pk=user.pk).password.startswith("argon2$argon2id$")


def test_every_test_that_the_threat_model_names_exists():
    rows = [line for line in (REPOSITORY / "docs/security.md").read_text(encoding="utf-8").splitlines() if "**" in line]
    threats = [row for row in rows if row.startswith("| **")]
    named = [re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row) for row in threats]
    assert len(threats) > 15
    assert all(named)
    for file, name in {test for tests in named for test in tests}:
        assert f"def {name}(" in (REPOSITORY / file).read_text(encoding="utf-8"), f"{file}::{name}"
