"""The systems that are known from the beginning."""

from django.db import migrations

from catalogue import seeding


def fill(apps, schema_editor):
    seeding.load(apps)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
