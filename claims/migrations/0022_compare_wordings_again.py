from django.db import migrations

UNREAD = """
    UPDATE claims_coverage SET worded = ''
    WHERE affirming > 0 AND worded <> '' AND claim_id IN (
        SELECT claim_id FROM claims_coverage GROUP BY claim_id HAVING sum(affirming) > 1
    )
"""


class Migration(migrations.Migration):
    """What there is to compare is compared once more by the sweep, which notes what differs and what is left out."""

    dependencies = [("claims", "0021_note_what_reports_say_otherwise")]

    operations = [migrations.RunSQL(UNREAD, migrations.RunSQL.noop)]
