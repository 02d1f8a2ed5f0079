import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0008_find_articles_by_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OutletMerge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "moved",
                    models.JSONField(default=dict, help_text="Ids of the rows that moved, by their model and column."),
                ),
                (
                    "doubles",
                    models.JSONField(
                        default=list,
                        help_text="Rows that the other had as well: [model, given up, kept before, kept after].",
                    ),
                ),
                (
                    "renamed",
                    models.JSONField(
                        default=dict, help_text="The identities of articles of which both had one, by id."
                    ),
                ),
                ("merged_at", models.DateTimeField(auto_now_add=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="outlet",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="outlet",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="outlet",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="outlet",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="sources.outlet",
            ),
        ),
        migrations.AddField(
            model_name="outletevent",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="sources.outlet",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outlet",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "sources_outletevent" ("created_at", "id", "kind", "merged_into_id", "name", "owner_id", "owner_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewed", "slug", "uid") VALUES (NEW."created_at", NEW."id", NEW."kind", NEW."merged_into_id", NEW."name", NEW."owner_id", NEW."owner_name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reviewed", NEW."slug", NEW."uid"); RETURN NULL;',
                    hash="f21e765be45ef8e7eab5ada7c1f0b0a4a3206796",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6363e",
                    table="sources_outlet",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outlet",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "sources_outletevent" ("created_at", "id", "kind", "merged_into_id", "name", "owner_id", "owner_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewed", "slug", "uid") VALUES (NEW."created_at", NEW."id", NEW."kind", NEW."merged_into_id", NEW."name", NEW."owner_id", NEW."owner_name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reviewed", NEW."slug", NEW."uid"); RETURN NULL;',
                    hash="b8adc2d6334d73cb6a821c613b0049f405e03872",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6f20c",
                    table="sources_outlet",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outlet",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "sources_outletevent" ("created_at", "id", "kind", "merged_into_id", "name", "owner_id", "owner_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reviewed", "slug", "uid") VALUES (OLD."created_at", OLD."id", OLD."kind", OLD."merged_into_id", OLD."name", OLD."owner_id", OLD."owner_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reviewed", OLD."slug", OLD."uid"); RETURN NULL;',
                    hash="6b202a4ad1f2f22d71eecaba0e8ddcc2ddab15a2",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_dbede",
                    table="sources_outlet",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="outlet",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True), name="outlet_not_merged_into_itself"
            ),
        ),
        migrations.AddField(
            model_name="outletmerge",
            name="into",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="merges_received", to="sources.outlet"
            ),
        ),
        migrations.AddField(
            model_name="outletmerge",
            name="merged_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="outletmerge",
            name="outlet",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="merges", to="sources.outlet"
            ),
        ),
        migrations.AddField(
            model_name="outletmerge",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="outletmerge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)), fields=("outlet",), name="outlet_merged_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="outletmerge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at", None), ("undone_by", None)),
                    models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                    _connector="OR",
                ),
                name="outlet_merge_undoing_signed",
            ),
        ),
    ]
