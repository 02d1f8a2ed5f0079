from django.db import migrations

REMEMBER = """
    INSERT INTO claims_statementrelayevent
        (pgh_created_at, pgh_label, pgh_obj_id, id, statement_id, outlet_id, hop, start, "end")
    SELECT s.created_at, 'insert', r.id, r.id, r.statement_id, r.outlet_id, r.hop, r.start, r."end"
    FROM claims_statementrelay r JOIN claims_statement s ON s.id = r.statement_id
    ORDER BY r.id
"""
RECOUNT = "INSERT INTO claims_corroborationdue (kind, row_id) SELECT 'claim', id FROM claims_claim ORDER BY id"


class Migration(migrations.Migration):
    """What changed before changes were noted is found by counting every claim once more."""

    dependencies = [("claims", "0006_note_what_changes_corroboration")]

    operations = [
        # Events are never deleted; the table goes with the migration before this one.
        migrations.RunSQL(REMEMBER, migrations.RunSQL.noop),
        migrations.RunSQL(RECOUNT, "DELETE FROM claims_corroborationdue"),
    ]
