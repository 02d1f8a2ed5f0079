"""The table of roles, and the groups that are made from it."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command

from accounts.roles import DECIDE, IMPORT, MANAGE_PEOPLE, RIGHTS, Role, right_to, role_of, roles_with
from tests.accounts.conftest import make_person

pytestmark = pytest.mark.django_db

GATES = [
    "claims.change_attribution",
    "sources.add_importrun",
    "sources.add_feed",
    "sources.change_feed",
    "sources.change_outlet",
    "claims.change_speaker",
]


def names() -> list[str]:
    pairs = Permission.objects.values_list("content_type__app_label", "codename")
    return [f"{app_label}.{codename}" for app_label, codename in pairs]


def test_every_permission_of_the_table_exists():
    known = names()
    for rights in RIGHTS.values():
        for right in rights:
            for pattern in right.permissions:
                assert any(right.covers(name) for name in known), pattern
                if "*" not in pattern:
                    assert pattern in known


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (None, [], [*GATES, "accounts.manage_people", "sources.view_importitem"]),
        (Role.EDITOR, GATES, ["accounts.manage_people", "sources.view_importitem", "auth.change_user"]),
        (Role.ADMINISTRATOR, [*GATES, "accounts.manage_people", "sources.view_importitem"], ["auth.change_user"]),
    ],
)
def test_a_role_may_do_what_its_rights_say_and_no_more(role, may, may_not):
    person = make_person(role=role)

    assert {name for name in may + may_not if person.has_perm(name)} == set(may)
    assert role_of(person) == role
    assert person.is_staff is (role == Role.ADMINISTRATOR)
    assert not person.is_superuser


def test_migrating_puts_the_groups_right_again():
    editors = Group.objects.get(name="editors")
    expected = set(editors.permissions.values_list("codename", flat=True))
    editors.permissions.set(Permission.objects.filter(codename="delete_user"))
    Group.objects.get(name="administrators").delete()

    call_command("migrate", verbosity=0)

    assert set(editors.permissions.values_list("codename", flat=True)) == expected
    assert Group.objects.get(name="administrators").permissions.filter(codename="manage_people").exists()


def test_a_superuser_is_an_administrator_whatever_its_groups():
    assert role_of(User.objects.create_superuser("root", password="x")) == Role.ADMINISTRATOR


def test_a_permission_is_explained_by_the_first_right_that_holds_it():
    assert right_to("sources.add_feed") == IMPORT
    assert right_to("claims.change_attribution") == DECIDE
    assert right_to("auth.delete_user") is None
    assert roles_with(DECIDE) == [Role.EDITOR, Role.ADMINISTRATOR]
    assert roles_with(MANAGE_PEOPLE) == [Role.ADMINISTRATOR]
