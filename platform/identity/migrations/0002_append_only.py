"""The database itself refuses to change or delete the record of how a level was reached."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION identity_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\\_%' THEN
        RETURN NULL;  -- the test runner empties its own databases
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER identity_no_update BEFORE UPDATE ON identity_identityrecord
    FOR EACH ROW EXECUTE FUNCTION identity_refuse_change();
CREATE TRIGGER identity_no_delete BEFORE DELETE ON identity_identityrecord
    FOR EACH ROW EXECUTE FUNCTION identity_refuse_change();
CREATE TRIGGER identity_no_truncate BEFORE TRUNCATE ON identity_identityrecord
    EXECUTE FUNCTION identity_refuse_change();
"""

BACKWARD = """
DROP TRIGGER identity_no_truncate ON identity_identityrecord;
DROP TRIGGER identity_no_delete ON identity_identityrecord;
DROP TRIGGER identity_no_update ON identity_identityrecord;
DROP FUNCTION identity_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
