"""Applications that were there before the statistics may read them, as everybody may."""

from django.db import migrations
from django.db.models import Func, Value, F

SCOPE = "statistics:read"


def give(apps, schema_editor):
    applications = apps.get_model("openapi", "Application").objects.using(schema_editor.connection.alias)
    applications.exclude(scopes__contains=[SCOPE]).update(
        scopes=Func(F("scopes"), Value(SCOPE), function="array_append")
    )


class Migration(migrations.Migration):
    dependencies = [("openapi", "0005_dead_letters")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=True)]
