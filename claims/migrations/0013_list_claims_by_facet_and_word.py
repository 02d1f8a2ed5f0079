import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0012_fill_counts_of_outlets"),
        ("sources", "0008_find_articles_by_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="FacetChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("basis", models.CharField(max_length=9)),
                ("facet", models.TextField()),
                ("change", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="FacetCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("basis", models.CharField(max_length=9)),
                ("facet", models.TextField()),
                ("kind", models.TextField()),
                ("claims", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ListedWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40)),
                ("stem", models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("counted", "proposed and confirmed reports"),
                            ("confirmed", "confirmed reports only"),
                        ],
                        max_length=9,
                    ),
                ),
                ("origin_count", models.PositiveIntegerField()),
                ("outlet_count", models.PositiveIntegerField()),
                (
                    "published_at",
                    models.DateTimeField(
                        help_text="When it was first reported; the year 1 where no report has a date."
                    ),
                ),
                ("said_on", models.DateField(null=True)),
                ("facets", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "search",
                    django.contrib.postgres.search.SearchVectorField(
                        help_text="The words of the sentence, and the names of its speaker."
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="corroboration",
            name="first_outlet",
            field=models.ForeignKey(
                db_index=False,
                help_text="Whose report was published first.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sources.outlet",
            ),
        ),
        migrations.AddField(
            model_name="corroboration",
            name="report_days",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DateField(),
                default=list,
                help_text="When it was reported, each day (UTC) once.",
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="corroborationdue",
            name="kind",
            field=models.CharField(
                choices=[
                    ("claim", "claim"),
                    ("speaker", "speaker"),
                    ("statement", "statement"),
                    ("revision", "revision"),
                    ("article", "article"),
                ],
                max_length=9,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="due_after_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='\n                INSERT INTO claims_corroborationdue (kind, row_id)\n                SELECT DISTINCT \'claim\', due.id FROM (\n                    SELECT r.id AS id FROM (SELECT o.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."text" IS DISTINCT FROM n."text" OR o."language" IS DISTINCT FROM n."language" OR o."said_on" IS DISTINCT FROM n."said_on" OR o."speaker_id" IS DISTINCT FROM n."speaker_id" OR o."merged_into_id" IS DISTINCT FROM n."merged_into_id") r WHERE TRUE\n                ) due WHERE due.id IS NOT NULL;\n                RETURN NULL;\n            ',
                    hash="ea17e93f70d16f483d6dfccf407a18ae678fef50",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_due_after_update_2690c",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="claims_claim",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claimtopic",
            trigger=pgtrigger.compiler.Trigger(
                name="due_after_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                INSERT INTO claims_corroborationdue (kind, row_id)\n                SELECT DISTINCT 'claim', due.id FROM (\n                    SELECT r.claim_id AS id FROM (SELECT * FROM new_values) r WHERE TRUE\n                ) due WHERE due.id IS NOT NULL;\n                RETURN NULL;\n            ",
                    hash="b56ceee50746e26bdb5eaec4384123816b16566e",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_due_after_insert_de68c",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="claims_claimtopic",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claimtopic",
            trigger=pgtrigger.compiler.Trigger(
                name="due_after_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='\n                INSERT INTO claims_corroborationdue (kind, row_id)\n                SELECT DISTINCT \'claim\', due.id FROM (\n                    SELECT r.claim_id AS id FROM (SELECT o.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."claim_id" IS DISTINCT FROM n."claim_id" OR o."topic_id" IS DISTINCT FROM n."topic_id" UNION ALL SELECT n.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."claim_id" IS DISTINCT FROM n."claim_id" OR o."topic_id" IS DISTINCT FROM n."topic_id") r WHERE TRUE\n                ) due WHERE due.id IS NOT NULL;\n                RETURN NULL;\n            ',
                    hash="9d82aa8180636e3a98eb6ab918cf5a0627e80132",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_due_after_update_2dca2",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="claims_claimtopic",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claimtopic",
            trigger=pgtrigger.compiler.Trigger(
                name="due_after_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                INSERT INTO claims_corroborationdue (kind, row_id)\n                SELECT DISTINCT 'claim', due.id FROM (\n                    SELECT r.claim_id AS id FROM (SELECT * FROM old_values) r WHERE TRUE\n                ) due WHERE due.id IS NOT NULL;\n                RETURN NULL;\n            ",
                    hash="3d796d5a8ca74c182f9c8c579ac5a3fced5c79e9",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_due_after_delete_00a35",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="claims_claimtopic",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="speaker",
            trigger=pgtrigger.compiler.Trigger(
                name="due_after_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='\n                INSERT INTO claims_corroborationdue (kind, row_id)\n                SELECT DISTINCT \'speaker\', due.id FROM (\n                    SELECT r.id AS id FROM (SELECT o.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."name" IS DISTINCT FROM n."name") r WHERE TRUE\n                ) due WHERE due.id IS NOT NULL;\n                RETURN NULL;\n            ',
                    hash="8bdaa1ad50e0073f6ae780195a5f9d9e4a701f13",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_due_after_update_50f27",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="claims_speaker",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="speakeralias",
            trigger=pgtrigger.compiler.Trigger(
                name="due_after_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                INSERT INTO claims_corroborationdue (kind, row_id)\n                SELECT DISTINCT 'speaker', due.id FROM (\n                    SELECT r.speaker_id AS id FROM (SELECT * FROM new_values) r WHERE TRUE\n                ) due WHERE due.id IS NOT NULL;\n                RETURN NULL;\n            ",
                    hash="cc4c878ebb14e4d1c101aa8b82e8888d848cc383",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_due_after_insert_c0d95",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="claims_speakeralias",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="speakeralias",
            trigger=pgtrigger.compiler.Trigger(
                name="due_after_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='\n                INSERT INTO claims_corroborationdue (kind, row_id)\n                SELECT DISTINCT \'speaker\', due.id FROM (\n                    SELECT r.speaker_id AS id FROM (SELECT o.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."speaker_id" IS DISTINCT FROM n."speaker_id" OR o."name" IS DISTINCT FROM n."name" UNION ALL SELECT n.* FROM old_values o JOIN new_values n ON n.id = o.id WHERE o."speaker_id" IS DISTINCT FROM n."speaker_id" OR o."name" IS DISTINCT FROM n."name") r WHERE TRUE\n                ) due WHERE due.id IS NOT NULL;\n                RETURN NULL;\n            ',
                    hash="0d6b2f65f167a346eec84f01f8ef9839490aebcb",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_due_after_update_17e4e",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="claims_speakeralias",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="speakeralias",
            trigger=pgtrigger.compiler.Trigger(
                name="due_after_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                INSERT INTO claims_corroborationdue (kind, row_id)\n                SELECT DISTINCT 'speaker', due.id FROM (\n                    SELECT r.speaker_id AS id FROM (SELECT * FROM old_values) r WHERE TRUE\n                ) due WHERE due.id IS NOT NULL;\n                RETURN NULL;\n            ",
                    hash="05fb2ae9354b7f1f527294f1b66439662a9d4e02",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_due_after_delete_9d83a",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="claims_speakeralias",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="facetcount",
            index=models.Index(fields=["basis", "kind", "-claims"], name="facet_most"),
        ),
        migrations.AddConstraint(
            model_name="facetcount",
            constraint=models.UniqueConstraint(fields=("basis", "facet"), name="facet_counted_once"),
        ),
        migrations.AddIndex(
            model_name="listedword",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("word", name="varchar_pattern_ops"), name="listed_word"
            ),
        ),
        migrations.AddIndex(
            model_name="listedword",
            index=models.Index(fields=["stem"], name="listed_stem"),
        ),
        migrations.AddIndex(
            model_name="listedword",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("word", name="gin_trgm_ops"), name="listed_word_trigrams"
            ),
        ),
        migrations.AddField(
            model_name="listing",
            name="claim",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="listings", to="claims.claim"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search", "facets"], name="listing_search"),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                fields=["basis", "origin_count", "outlet_count", "published_at", "claim"], name="listing_most"
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["basis", "published_at", "claim"], name="listing_newest"),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(fields=("claim", "basis"), name="listing_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listing",
            trigger=pgtrigger.compiler.Trigger(
                name="tally_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                INSERT INTO claims_facetchange (basis, facet, change)\n                SELECT basis, facet, sum(step) FROM (SELECT basis, unnest(facets) AS facet, 1 AS step FROM new_values) step\n                GROUP BY basis, facet HAVING sum(step) <> 0;\n                RETURN NULL;\n            ",
                    hash="ac3ad72d037c01600b12e43bfd2fa73bd4c5d775",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_tally_insert_7c2e4",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="claims_listing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listing",
            trigger=pgtrigger.compiler.Trigger(
                name="tally_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                INSERT INTO claims_facetchange (basis, facet, change)\n                SELECT basis, facet, sum(step) FROM (SELECT basis, unnest(facets) AS facet, 1 AS step FROM new_values UNION ALL SELECT basis, unnest(facets) AS facet, -1 AS step FROM old_values) step\n                GROUP BY basis, facet HAVING sum(step) <> 0;\n                RETURN NULL;\n            ",
                    hash="aa87b0ab9a8664fd10cbfeb39216f6e50a623fdf",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_tally_update_028aa",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="claims_listing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listing",
            trigger=pgtrigger.compiler.Trigger(
                name="tally_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                INSERT INTO claims_facetchange (basis, facet, change)\n                SELECT basis, facet, sum(step) FROM (SELECT basis, unnest(facets) AS facet, -1 AS step FROM old_values) step\n                GROUP BY basis, facet HAVING sum(step) <> 0;\n                RETURN NULL;\n            ",
                    hash="bab5289e10b701b4182a654ecff2d4ddbac14f4d",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_tally_delete_8660c",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="claims_listing",
                    when="AFTER",
                ),
            ),
        ),
    ]
