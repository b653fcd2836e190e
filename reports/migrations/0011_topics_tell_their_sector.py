"""Scopes of topics tell their sectors, too: what was counted goes, and is counted anew with the next minute's look."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0010_disclosure_rule"),
    ]

    operations = [
        migrations.RunSQL(
            "TRUNCATE reports_rollup, reports_monthcell;"
            "UPDATE reports_rollupstate SET built_through = NULL, refreshed_at = NULL, rebuilt_at = NULL;",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="appealfact",
            index=models.Index(condition=models.Q(("ending", "")), fields=["received_on"], name="fact_in_work"),
        ),
        migrations.AddIndex(
            model_name="monthcell",
            index=models.Index(condition=models.Q(("not_done__gt", 0)), fields=["start_on"], name="month_cell_not_done"),
        ),
    ]
