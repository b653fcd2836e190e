"""The database itself refuses to change published texts of consent, consents given and the steps of duties."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION privacy_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\\_%' THEN
        RETURN NULL;  -- the test runner empties its own databases
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER consent_text_no_change BEFORE UPDATE OR DELETE ON privacy_consenttext
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION privacy_refuse_change();
CREATE TRIGGER consent_text_no_truncate BEFORE TRUNCATE ON privacy_consenttext
    EXECUTE FUNCTION privacy_refuse_change();
CREATE TRIGGER consent_event_no_change BEFORE UPDATE OR DELETE ON privacy_consentevent
    FOR EACH ROW EXECUTE FUNCTION privacy_refuse_change();
CREATE TRIGGER consent_event_no_truncate BEFORE TRUNCATE ON privacy_consentevent
    EXECUTE FUNCTION privacy_refuse_change();
CREATE TRIGGER case_event_no_change BEFORE UPDATE OR DELETE ON privacy_caseevent
    FOR EACH ROW EXECUTE FUNCTION privacy_refuse_change();
CREATE TRIGGER case_event_no_truncate BEFORE TRUNCATE ON privacy_caseevent
    EXECUTE FUNCTION privacy_refuse_change();
"""

BACKWARD = """
DROP TRIGGER case_event_no_truncate ON privacy_caseevent;
DROP TRIGGER case_event_no_change ON privacy_caseevent;
DROP TRIGGER consent_event_no_truncate ON privacy_consentevent;
DROP TRIGGER consent_event_no_change ON privacy_consentevent;
DROP TRIGGER consent_text_no_truncate ON privacy_consenttext;
DROP TRIGGER consent_text_no_change ON privacy_consenttext;
DROP FUNCTION privacy_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
