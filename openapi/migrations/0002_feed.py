"""The feed of changes, and the trigger by which no event of the history can miss it."""

import django.db.models.deletion
from django.db import migrations, models


# What an applicant may know of; an imported history, which is marked as handed on, is no news.
FORWARD = """
CREATE FUNCTION await_feed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO openapi_waitingevent (event_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER event_awaits_feed AFTER INSERT ON appeals_appealevent
    FOR EACH ROW WHEN (NEW.is_public AND NEW.reacted_at IS NULL) EXECUTE FUNCTION await_feed();
"""
BACKWARD = """
DROP TRIGGER event_awaits_feed ON appeals_appealevent;
DROP FUNCTION await_feed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0019_leftovers"),
        ("openapi", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="WaitingEvent",
            fields=[
                ("event_id", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="FeedEntry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("type", models.CharField(max_length=40, verbose_name="event")),
                ("time", models.DateTimeField(verbose_name="time")),
                ("status", models.CharField(max_length=20, verbose_name="status")),
                ("version", models.PositiveIntegerField()),
                (
                    "appeal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        db_constraint=False, to="appeals.appeal",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="openapi.application",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", db_constraint=False, to="appeals.appealevent"
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the feed",
                "verbose_name_plural": "entries of the feed",
                "indexes": [
                    models.Index(fields=["application", "seq"], name="feed_of_application"),
                    models.Index(fields=["appeal", "seq"], name="feed_of_appeal"),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
