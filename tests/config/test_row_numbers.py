"""Rows of tables that grow with what is imported are numbered in 64 bits, and so is what points to them."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import reverse
from pghistory.models import Event

from claims.services.editing import edit_claim
from claims.versions import VersionConflict, version_of
from tests.factories import make_claim, make_user

pytestmark = pytest.mark.django_db

#: Numbered in 32 bits by Django and allauth: they grow with those who sign in, and with nothing that is imported.
GROWS_WITH_PEOPLE = {
    "account_emailaddress",
    "account_emailconfirmation",
    "auth_group",
    "auth_permission",
    "auth_user",
    "django_admin_log",
    "django_content_type",
}
#: Table, type of the column and of its sequence, of each primary key that a sequence fills.
NUMBERED = """
    SELECT t.relname, format_type(c.atttypid, NULL), s.seqtypid::regtype::text
    FROM pg_index i
    JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace
    JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum = ANY (i.indkey)
    JOIN pg_sequence s ON s.seqrelid = pg_get_serial_sequence(quote_ident(t.relname), c.attname)::regclass
    WHERE i.indisprimary
"""
#: Foreign keys narrower than what they point to.
NARROWER = """
    SELECT k.conrelid::regclass::text, c.attname
    FROM pg_constraint k
    JOIN pg_attribute c ON c.attrelid = k.conrelid AND c.attnum = k.conkey[1]
    JOIN pg_attribute p ON p.attrelid = k.confrelid AND p.attnum = k.confkey[1]
    WHERE k.contype = 'f' AND p.attlen > c.attlen AND p.attlen > 0
"""


def ask(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def event_models():
    return [model for model in apps.get_models() if issubclass(model, Event) and model._meta.managed]


def test_only_what_grows_with_people_is_numbered_in_32_bits():
    kinds = {table: {column, sequence} for table, column, sequence in ask(NUMBERED)}
    assert len(kinds) > 50
    assert {table for table, kind in kinds.items() if kind != {"bigint"}} == GROWS_WITH_PEOPLE


def test_the_history_of_every_table_is_numbered_in_64_bits():
    kinds = {table: {column, sequence} for table, column, sequence in ask(NUMBERED)}
    events = event_models()
    assert len(events) >= 16
    assert [kinds[model._meta.db_table] for model in events] == [{"bigint"}] * len(events)
    assert all(isinstance(model._meta.pk, models.BigAutoField) for model in events)


def test_what_points_to_a_row_is_as_wide_as_its_number():
    assert ask(NARROWER) == []
    narrow = ask(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type IN ('integer', 'smallint')"
    )
    columns = {(table, column) for table, column, _ in narrow}
    # History points without a constraint.
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and (model._meta.db_table, field.column) in columns:
                assert field.target_field.model._meta.db_table in GROWS_WITH_PEOPLE, (model, field)


def test_after_two_thousand_million_changes_a_row_has_a_version_and_a_history(client):
    editor = make_user("eve", editor=True)
    client.force_login(editor)
    claim = make_claim("The bridge is shut.")
    with connection.cursor() as cursor:
        # Undone with the test, as setting its value would not be.
        cursor.execute(f"ALTER TABLE claims_claimevent ALTER COLUMN pgh_id RESTART WITH {2**31}")
    before = version_of(claim)
    edit_claim(claim, text="The bridge is open.", version=before, by=editor)

    assert claim.events.latest("pgh_id").pgh_id == 2**31
    assert version_of(claim).startswith(f"{2**31}.")
    with pytest.raises(VersionConflict):
        edit_claim(claim, text="The bridge is gone.", version=before, by=editor)
    assert client.post(reverse("change_revert", args=["claim", 2**31])).status_code == 302
    claim.refresh_from_db()
    assert claim.text == "The bridge is shut."
