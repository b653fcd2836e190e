"""The app that kept sessions before is gone; its table held network addresses of people and goes with it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("signin", "0002_factors_and_limits")]

    operations = [
        migrations.RunSQL("DROP TABLE IF EXISTS usersessions_usersession", migrations.RunSQL.noop),
        migrations.RunSQL("DELETE FROM django_migrations WHERE app = 'usersessions'", migrations.RunSQL.noop),
    ]
