"""The chain, its checkpoints and verifications; the database refuses every change of the log but sealing, once."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place CONSTANT text[] := ARRAY['seq', 'prev_hash', 'hash'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- sealing, once: nothing but the place in the chain may change, and only from none to one
        IF OLD.seq IS NULL AND NEW.seq IS NOT NULL AND NEW.hash <> ''
           AND to_jsonb(OLD) - place = to_jsonb(NEW) - place THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        -- retention: the transaction names the checkpoint before which it removes
        IF EXISTS (
            SELECT FROM audit_auditcheckpoint AS point
            WHERE point.id = NULLIF(current_setting('halyq.audit_checkpoint', true), '')::bigint
              AND OLD.seq <= point.seq
        ) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_born_unsealed BEFORE INSERT ON audit_auditrecord
    FOR EACH ROW WHEN (NEW.seq IS NOT NULL) EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_auditrecord
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_auditrecord
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditrecord EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON audit_auditcheckpoint
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON audit_auditcheckpoint
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON audit_auditcheckpoint EXECUTE FUNCTION refuse_change();
"""

BACKWARD = """
DROP TRIGGER checkpoint_no_truncate ON audit_auditcheckpoint;
DROP TRIGGER checkpoint_no_delete ON audit_auditcheckpoint;
DROP TRIGGER checkpoint_no_update ON audit_auditcheckpoint;
DROP TRIGGER audit_no_truncate ON audit_auditrecord;
DROP TRIGGER audit_no_delete ON audit_auditrecord;
DROP TRIGGER audit_no_update ON audit_auditrecord;
DROP TRIGGER audit_born_unsealed ON audit_auditrecord;
DROP FUNCTION audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_old_rows")]

    operations = [
        migrations.AlterField(
            "auditrecord", "uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        migrations.AddIndex("auditrecord", models.Index(fields=["subject_ref", "-id"], name="audit_by_subject")),
        migrations.AddIndex("auditrecord", models.Index(fields=["actor", "-id"], name="audit_by_actor")),
        migrations.AddIndex("auditrecord", models.Index(fields=["action", "-id"], name="audit_by_action")),
        migrations.AddIndex("auditrecord", models.Index(fields=["-at", "-id"], name="audit_by_time")),
        migrations.AddIndex(
            "auditrecord",
            models.Index(condition=models.Q(("seq__isnull", True)), fields=["id"], name="audit_unsealed"),
        ),
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField(default=0, verbose_name="number in the chain")),
                ("hash", models.CharField(blank=True, max_length=64)),
                ("sealed_at", models.DateTimeField(null=True, verbose_name="sealed")),
            ],
            options={"verbose_name": "end of the chain", "verbose_name_plural": "end of the chain"},
        ),
        migrations.CreateModel(
            name="AuditCheckpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField(unique=True, verbose_name="number in the chain")),
                ("hash", models.CharField(max_length=64)),
                ("records", models.BigIntegerField(verbose_name="records")),
                ("last_at", models.DateTimeField(verbose_name="time of the last record")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("proof", models.CharField(max_length=64)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={"verbose_name": "checkpoint of the log", "verbose_name_plural": "checkpoints of the log"},
        ),
        migrations.CreateModel(
            name="ChainCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_whole", models.BooleanField(verbose_name="whole chain")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="started")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                ("through_seq", models.BigIntegerField(default=0, verbose_name="verified up to")),
                ("through_hash", models.CharField(blank=True, max_length=64)),
                ("checked", models.BigIntegerField(default=0, verbose_name="records")),
                ("problem_seq", models.BigIntegerField(null=True, verbose_name="first broken record")),
                ("problem", models.CharField(blank=True, max_length=60, verbose_name="problem")),
            ],
            options={
                "verbose_name": "verification of the chain",
                "verbose_name_plural": "verifications of the chain",
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
