"""Why answers were disputed: what applicants named in the dispute, as facts and measures."""

from django.db import migrations, models

# Appeals with a dispute are counted anew, so that the new columns are right in the past as well.
COUNT_ANEW = "INSERT INTO reports_changedappeal (appeal_id) SELECT DISTINCT appeal_id FROM reports_answerfact WHERE is_disputed"
REASONS = ("incomplete", "not_specific", "late", "other", "unnamed")


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0011_topics_tell_their_sector'),
    ]

    operations = [
        migrations.AddField(
            model_name='answerfact',
            name='dispute_reasons',
            field=models.JSONField(default=list),
        ),
        *(
            migrations.AddField(
                model_name=model,
                name=f'disputed_{reason}',
                field=models.IntegerField(default=0),
            )
            for model in ('monthcell', 'rollup')
            for reason in REASONS
        ),
        migrations.RunSQL(COUNT_ANEW, migrations.RunSQL.noop),
    ]
