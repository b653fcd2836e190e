from django.db import migrations, models

STAFF_GROUPS = ("staff_work", "staff_terms", "staff_cases")


def keep_refusals(apps, schema_editor):
    """Who wanted no e-mail goes on getting none."""
    refused = apps.get_model("notifications", "Preference").objects.filter(by_email=False)
    refused.update(media={group: [] for group in STAFF_GROUPS})


def restore_refusals(apps, schema_editor):
    refused = apps.get_model("notifications", "Preference").objects.filter(media__staff_work=[])
    refused.update(by_email=False)


class Migration(migrations.Migration):

    dependencies = [
        ("notifications", "0002_inbox_and_preferences"),
    ]

    operations = [
        migrations.AddField(
            model_name="preference",
            name="media",
            field=models.JSONField(blank=True, default=dict, verbose_name="ways by groups of notices"),
        ),
        migrations.RunPython(keep_refusals, restore_refusals),
        migrations.RemoveField(model_name="preference", name="by_email"),
    ]
