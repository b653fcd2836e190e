"""What was mended because people asked: a measure of answers."""

from django.db import migrations, models


# Appeals with answers are counted anew, so that the new column is right in the past as well.
COUNT_ANEW = "INSERT INTO reports_changedappeal (appeal_id) SELECT DISTINCT appeal_id FROM reports_answerfact"


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0006_open_data'),
    ]

    operations = [
        migrations.AddField(
            model_name='monthcell',
            name='mended',
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name='rollup',
            name='mended',
            field=models.IntegerField(default=0),
        ),
        migrations.RunSQL(COUNT_ANEW, migrations.RunSQL.noop),
    ]
