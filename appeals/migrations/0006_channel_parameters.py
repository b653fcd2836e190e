"""Rows of the channels that hold conversations, so that the administrator finds them."""

from django.db import migrations


def fill(apps, schema_editor):
    parameters = apps.get_model("appeals", "ChannelParameters")
    for channel, join_within_hours in (("telegram", 72), ("email", 0)):
        parameters.objects.get_or_create(channel=channel, defaults={"join_within_hours": join_within_hours})


class Migration(migrations.Migration):
    dependencies = [("appeals", "0005_queue_indexes")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
