"""The database itself refuses to change or delete history; only the outbox mark may be set, once."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\\_%' THEN
        RETURN NULL;  -- the test runner empties its own databases
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER event_no_update BEFORE UPDATE OF
    id, appeal_id, question_id, seq, kind, actor_id, occurred_at, recorded_at, reason, data, is_public, prev_hash, hash
    ON appeals_appealevent FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_reacted_once BEFORE UPDATE OF reacted_at
    ON appeals_appealevent FOR EACH ROW WHEN (OLD.reacted_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_no_delete BEFORE DELETE ON appeals_appealevent FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON appeals_appealevent EXECUTE FUNCTION refuse_change();

CREATE TRIGGER access_no_update BEFORE UPDATE ON audit_accessrecord FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_no_delete BEFORE DELETE ON audit_accessrecord FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_no_truncate BEFORE TRUNCATE ON audit_accessrecord EXECUTE FUNCTION refuse_change();

ALTER TABLE appeals_appeal ALTER COLUMN search SET STATISTICS 1000;
"""

BACKWARD = """
DROP TRIGGER access_no_truncate ON audit_accessrecord;
DROP TRIGGER access_no_delete ON audit_accessrecord;
DROP TRIGGER access_no_update ON audit_accessrecord;
DROP TRIGGER event_no_truncate ON appeals_appealevent;
DROP TRIGGER event_no_delete ON appeals_appealevent;
DROP TRIGGER event_reacted_once ON appeals_appealevent;
DROP TRIGGER event_no_update ON appeals_appealevent;
DROP FUNCTION refuse_change();
ALTER TABLE appeals_appeal ALTER COLUMN search SET STATISTICS -1;
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0001_initial"), ("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
