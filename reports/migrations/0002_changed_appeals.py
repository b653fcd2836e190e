"""The trigger by which no event can miss the statistics, whoever writes it: a step, an import, a restored row."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION note_changed_appeals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_changedappeal (appeal_id) SELECT DISTINCT appeal_id FROM written;
    RETURN NULL;
END $$;
CREATE TRIGGER event_changes_statistics AFTER INSERT ON appeals_appealevent
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_changed_appeals();
"""
BACKWARD = """
DROP TRIGGER event_changes_statistics ON appeals_appealevent;
DROP FUNCTION note_changed_appeals();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0019_leftovers"),
        ("reports", "0001_facts_and_rollups"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
