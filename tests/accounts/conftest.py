"""Accounts of each kind."""

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache

from accounts import services
from accounts.roles import Role

PASSWORD = "a horse and a staple"


@pytest.fixture
def forgotten_attempts(transactional_db):
    """Forget, at the end, the attempts to sign in of a test that is not rolled back."""
    yield
    cache.clear()


def make_person(name: str = "ed", *, role: Role | None = None, email: str = "") -> User:
    person = User.objects.create_user(name, email=email or f"{name}@example.org", password=PASSWORD)
    if role is not None:
        services.set_role(person, role, by=None)
    return User.objects.get(pk=person.pk)


@pytest.fixture
def editor(db) -> User:
    return make_person("ed", role=Role.EDITOR)


@pytest.fixture
def administrator(db) -> User:
    return make_person("ada", role=Role.ADMINISTRATOR)
