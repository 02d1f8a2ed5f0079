import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0022_compare_wordings_again")]

    operations = [
        # It names the columns whose change it notes.
        pgtrigger.migrations.RemoveTrigger(model_name="claim", name="update_update"),
        migrations.RemoveIndex(model_name="claim", name="claim_search"),
        migrations.RemoveField(model_name="claim", name="search"),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "claims_claimevent" ("created_at", "id", "language", "merged_into_id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "said_on", "speaker_id", "text", "text_by_id", "topics_by_id", "uid", "updated_at") VALUES (NEW."created_at", NEW."id", NEW."language", NEW."merged_into_id", NEW."method", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."said_on", NEW."speaker_id", NEW."text", NEW."text_by_id", NEW."topics_by_id", NEW."uid", NEW."updated_at"); RETURN NULL;',
                    hash="6d727450b23973c124a0216c1655adab15a8b772",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fe4ba",
                    table="claims_claim",
                    when="AFTER",
                ),
            ),
        ),
    ]
