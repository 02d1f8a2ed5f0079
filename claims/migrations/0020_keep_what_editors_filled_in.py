import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0019_renew_claims_after_matching"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="claim",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="claim",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="claim",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="speaker",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="speaker",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="speaker",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="claim",
            name="topics_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                help_text="The editor who chose the topics; a machine adds none after that.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="claimevent",
            name="topics_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                help_text="The editor who chose the topics; a machine adds none after that.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="speaker",
            name="edited_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                help_text="The editor who edited it last; a machine fills nothing in after that, and gives it no names.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="speakerevent",
            name="edited_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                help_text="The editor who edited it last; a machine fills nothing in after that, and gives it no names.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "claims_claimevent" ("created_at", "id", "language", "merged_into_id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "said_on", "speaker_id", "text", "text_by_id", "topics_by_id", "uid", "updated_at") VALUES (NEW."created_at", NEW."id", NEW."language", NEW."merged_into_id", NEW."method", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."said_on", NEW."speaker_id", NEW."text", NEW."text_by_id", NEW."topics_by_id", NEW."uid", NEW."updated_at"); RETURN NULL;',
                    hash="c7d33eee7420dca80ea61024961ee69d2c8493af",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_df8fa",
                    table="claims_claim",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."method" IS DISTINCT FROM (NEW."method") OR OLD."said_on" IS DISTINCT FROM (NEW."said_on") OR OLD."speaker_id" IS DISTINCT FROM (NEW."speaker_id") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."text_by_id" IS DISTINCT FROM (NEW."text_by_id") OR OLD."topics_by_id" IS DISTINCT FROM (NEW."topics_by_id") OR OLD."uid" IS DISTINCT FROM (NEW."uid") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at"))',
                    func='INSERT INTO "claims_claimevent" ("created_at", "id", "language", "merged_into_id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "said_on", "speaker_id", "text", "text_by_id", "topics_by_id", "uid", "updated_at") VALUES (NEW."created_at", NEW."id", NEW."language", NEW."merged_into_id", NEW."method", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."said_on", NEW."speaker_id", NEW."text", NEW."text_by_id", NEW."topics_by_id", NEW."uid", NEW."updated_at"); RETURN NULL;',
                    hash="dd2003be6541c493d37fe87ccdd73a87b64457e7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fe4ba",
                    table="claims_claim",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "claims_claimevent" ("created_at", "id", "language", "merged_into_id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "said_on", "speaker_id", "text", "text_by_id", "topics_by_id", "uid", "updated_at") VALUES (OLD."created_at", OLD."id", OLD."language", OLD."merged_into_id", OLD."method", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."said_on", OLD."speaker_id", OLD."text", OLD."text_by_id", OLD."topics_by_id", OLD."uid", OLD."updated_at"); RETURN NULL;',
                    hash="35fea8c6abe31c0e1bcb8aac6d56d31424b0197f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_dbf31",
                    table="claims_claim",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="speaker",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "claims_speakerevent" ("created_at", "edited_by_id", "id", "kind", "merged_into_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "represents_id", "uid", "wikidata_id") VALUES (NEW."created_at", NEW."edited_by_id", NEW."id", NEW."kind", NEW."merged_into_id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."represents_id", NEW."uid", NEW."wikidata_id"); RETURN NULL;',
                    hash="9bab6fc279285b5a7e7621b6fe0d8eab6e3b3d55",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7cf94",
                    table="claims_speaker",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="speaker",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "claims_speakerevent" ("created_at", "edited_by_id", "id", "kind", "merged_into_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "represents_id", "uid", "wikidata_id") VALUES (NEW."created_at", NEW."edited_by_id", NEW."id", NEW."kind", NEW."merged_into_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."represents_id", NEW."uid", NEW."wikidata_id"); RETURN NULL;',
                    hash="f2f42cb6e33b14c76451956be150596b9cc545fc",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d9d7a",
                    table="claims_speaker",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="speaker",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "claims_speakerevent" ("created_at", "edited_by_id", "id", "kind", "merged_into_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "represents_id", "uid", "wikidata_id") VALUES (OLD."created_at", OLD."edited_by_id", OLD."id", OLD."kind", OLD."merged_into_id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."represents_id", OLD."uid", OLD."wikidata_id"); RETURN NULL;',
                    hash="d54c63cc6b6ca20358cb31f25f71e74bda914e5c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b8590",
                    table="claims_speaker",
                    when="AFTER",
                ),
            ),
        ),
    ]
