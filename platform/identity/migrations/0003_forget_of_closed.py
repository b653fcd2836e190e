"""Records of how an identity was proven may go with retention, once their account is closed."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION identity_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\\_%' THEN
        RETURN NULL;  -- the test runner empties its own databases
    END IF;
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM accounts_user WHERE id = OLD.user_id AND NOT is_active AND username = 'closed-' || id
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION identity_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\\_%' THEN
        RETURN NULL;  -- the test runner empties its own databases
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_append_only"), ("accounts", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
