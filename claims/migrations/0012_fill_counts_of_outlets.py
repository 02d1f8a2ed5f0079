from django.db import migrations

COUNT_ARTICLES = """
    INSERT INTO claims_outlettally (outlet_id, articles, claims, alone, earliest, explained, folded)
    SELECT outlet_id, count(*), 0, 0, 0, 0, true FROM sources_article GROUP BY outlet_id
"""
FORGET_ARTICLES = "DELETE FROM claims_outlettally"
RECOUNT = "INSERT INTO claims_corroborationdue (kind, row_id) SELECT 'claim', id FROM claims_claim ORDER BY id"


class Migration(migrations.Migration):
    """What outlets have of the claims there are is stored when every claim is counted once more."""

    dependencies = [("claims", "0011_count_what_outlets_report_and_share")]

    operations = [
        migrations.RunSQL(COUNT_ARTICLES, FORGET_ARTICLES),
        migrations.RunSQL(RECOUNT, migrations.RunSQL.noop),
    ]
