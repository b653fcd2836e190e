"""Terms that ran out before the appeal was withdrawn or passed on, merged duplicates, days that wait to be built."""

import django.db.models.functions.datetime
from django.db import migrations, models

# The appeals whose facts may be others by the new rules.
COUNT_ANEW = """
INSERT INTO reports_changedappeal (appeal_id)
SELECT appeal_id FROM reports_appealfact
WHERE term IN ('late', 'cancelled') OR ending IN ('', 'withdrawn', 'forwarded') OR is_extended
"""


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0007_mended'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangedDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('noted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddField(
            model_name='monthcell',
            name='lapsed',
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name='rollup',
            name='lapsed',
            field=models.IntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='appealfact',
            name='ending',
            field=models.CharField(blank=True, choices=[('answered', 'answered'), ('first_contact', 'first_contact'), ('forwarded', 'forwarded'), ('withdrawn', 'withdrawn'), ('without_answer', 'without_answer'), ('merged', 'merged')], default='', max_length=14),
        ),
        migrations.AlterField(
            model_name='appealfact',
            name='term',
            field=models.CharField(blank=True, choices=[('kept', 'kept'), ('late', 'late'), ('open', 'open'), ('paused', 'paused'), ('cancelled', 'cancelled'), ('lapsed', 'lapsed')], default='', max_length=9),
        ),
        migrations.RunSQL(COUNT_ANEW, migrations.RunSQL.noop),
    ]
