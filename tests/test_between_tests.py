"""What is left of a test that commits: no row, but for what `migrate` wrote, which is as it was."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection

from accounts.roles import Role
from claims.models import Attribution
from sources.models import Snapshot
from tests.conftest import MIGRATED
from tests.factories import make_claim, make_report

pytestmark = pytest.mark.django_db(transaction=True)


def filled_tables():
    found = []
    with connection.cursor() as cursor:
        for name in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT EXISTS (SELECT FROM {connection.ops.quote_name(name)})")  # noqa: S608 (of a model)
            found += [name for (has_rows,) in cursor.fetchall() if has_rows]
    return set(found)


@pytest.mark.parametrize("turn", range(4))
def test_a_test_finds_nothing_of_the_one_before(turn):
    assert filled_tables() == set(MIGRATED)
    assert {group.name for group in Group.objects.all()} == {role.group for role in Role}
    assert not Group.objects.filter(permissions=None).exists()
    assert Permission.objects.filter(content_type__app_label="claims", codename="change_claim").exists()

    # Rows that may neither be changed nor deleted, rows that triggers write of others, and a history.
    report = make_report(make_claim(), status="confirmed")
    Attribution.objects.filter(pk=report.pk).update(stance="denies")
    assert Snapshot.objects.exists()
    assert filled_tables() >= {"claims_attributionevent", "claims_corroborationdue", "auth_user"}
    if turn == 1:
        Group.objects.all().delete()
