"""Tasks that outlive the queue server, recalculations that go on where they stopped, open cases without outcome."""

import django.db.models.deletion
from django.db import migrations, models

OPEN = ("received", "registered", "assigned", "in_progress", "awaiting_info", "reopened")


def forget_outcomes_of_open_ones(apps, schema_editor):
    appeals = apps.get_model("appeals", "Appeal").objects.using(schema_editor.connection.alias)
    appeals.filter(status__in=OPEN, closed_at__isnull=True).exclude(outcome="").update(outcome="")


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0011_questions_of_units"),
    ]

    operations = [
        migrations.AddField(
            model_name="termrecalculation",
            name="after",
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="termrecalculation",
            name="of_ladder",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.CreateModel(
            name="WaitingTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField(max_length=60)),
                ("attempts", models.PositiveSmallIntegerField(default=1)),
                ("next_try_at", models.DateTimeField(db_index=True)),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="appeals.appealevent",
                    ),
                ),
            ],
        ),
        migrations.RunPython(forget_outcomes_of_open_ones, migrations.RunPython.noop, elidable=True),
    ]
