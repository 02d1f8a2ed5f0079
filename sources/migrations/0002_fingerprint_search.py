"""Search fingerprints by their index, whatever the planner thinks."""

from django.db import migrations

# The planner takes each of a hundred hashes to be in one row of two hundred, and so would read the whole table.
SEARCH = """
CREATE OR REPLACE FUNCTION sources_sharing_fingerprints(asked int4[], asked_quoted int4[])
RETURNS TABLE (article_id bigint, shared int4[], shared_in_quotations int4) AS $$
    SELECT f.article_id, f.hashes & asked, icount(f.quoted & asked_quoted)
    FROM sources_fingerprint f WHERE f.hashes && asked
$$ LANGUAGE sql STABLE ROWS 10 SET enable_seqscan = off SET enable_indexscan = off;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(SEARCH, "DROP FUNCTION IF EXISTS sources_sharing_fingerprints(int4[], int4[]);"),
    ]
