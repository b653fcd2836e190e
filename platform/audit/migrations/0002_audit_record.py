"""The record of accesses becomes the audit log; every row is kept."""

import uuid

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import audit.actions

# The triggers of the former table stand in appeals.0002; those of the log come with the next migration.
FREE = """
DROP TRIGGER access_no_truncate ON audit_accessrecord;
DROP TRIGGER access_no_delete ON audit_accessrecord;
DROP TRIGGER access_no_update ON audit_accessrecord;
"""
GUARD = """
CREATE TRIGGER access_no_update BEFORE UPDATE ON audit_accessrecord FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_no_delete BEFORE DELETE ON audit_accessrecord FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_no_truncate BEFORE TRUNCATE ON audit_accessrecord EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("appeals", "0002_append_only")]

    operations = [
        migrations.RunSQL(FREE, GUARD),
        migrations.RemoveIndex("accessrecord", "access_by_subject"),
        migrations.RemoveIndex("accessrecord", "access_by_actor"),
        migrations.RenameModel("AccessRecord", "AuditRecord"),
        migrations.AlterModelOptions(
            "auditrecord", {"verbose_name": "audit record", "verbose_name_plural": "audit records"}
        ),
        migrations.AlterField(
            "auditrecord",
            "actor",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="actor",
            ),
        ),
        migrations.AlterField(
            "auditrecord",
            "action",
            models.CharField(choices=audit.actions.action_choices, max_length=40, verbose_name="action"),
        ),
        migrations.AlterField(
            "auditrecord", "subject_ref", models.CharField(blank=True, max_length=120, verbose_name="subject")
        ),
        migrations.AddField("auditrecord", "uid", models.UUIDField(default=uuid.uuid4, editable=False, null=True)),
        migrations.AddField(
            "auditrecord",
            "category",
            models.CharField(
                choices=audit.actions.category_choices, default="access", max_length=20, verbose_name="category"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "auditrecord",
            "outcome",
            models.CharField(
                choices=[("success", "Done"), ("failure", "Refused or failed")],
                default="success",
                max_length=10,
                verbose_name="outcome",
            ),
        ),
        migrations.AddField(
            "auditrecord",
            "details",
            models.JSONField(
                default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="details"
            ),
        ),
        migrations.AddField(
            "auditrecord", "user_agent", models.CharField(blank=True, default="", max_length=200, verbose_name="browser"),
            preserve_default=False,
        ),
        migrations.AddField(
            "auditrecord", "request_id", models.CharField(blank=True, default="", max_length=64, verbose_name="request"),
            preserve_default=False,
        ),
        migrations.AddField(
            "auditrecord", "digest", models.CharField(default="", max_length=64), preserve_default=False
        ),
        migrations.AddField(
            "auditrecord", "seq", models.BigIntegerField(null=True, unique=True, verbose_name="number in the chain")
        ),
        migrations.AddField(
            "auditrecord", "prev_hash", models.CharField(blank=True, default="", max_length=64), preserve_default=False
        ),
        migrations.AddField(
            "auditrecord", "hash", models.CharField(blank=True, default="", max_length=64), preserve_default=False
        ),
    ]
