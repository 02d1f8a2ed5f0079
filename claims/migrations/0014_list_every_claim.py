from django.db import migrations

RECOUNT = "INSERT INTO claims_corroborationdue (kind, row_id) SELECT 'claim', id FROM claims_claim ORDER BY id"


class Migration(migrations.Migration):
    """The claims that there are come into the lists as the workers count them once more."""

    dependencies = [("claims", "0013_list_claims_by_facet_and_word")]

    operations = [migrations.RunSQL(RECOUNT, "DELETE FROM claims_corroborationdue")]
