"""What a substitution lends is written down when it is set; of those in force, what is lent at this moment."""

from django.db import migrations, models

NEVER_LENT = ("administrator", "security_officer")


def write_down(apps, schema_editor):
    RoleAssignment = apps.get_model("accounts", "RoleAssignment")
    for row in apps.get_model("accounts", "Substitution").objects.filter(ended_at__isnull=True):
        held = RoleAssignment.objects.filter(user_id=row.user_id).exclude(role__in=NEVER_LENT)
        row.lent = [list(one) for one in held.values_list("role", "organization_id", "department_id", "area_id")]
        row.save(update_fields=["lent"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_substitutions_and_shifts")]

    operations = [
        migrations.AddField(
            model_name="substitution",
            name="lent",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.RunPython(write_down, migrations.RunPython.noop),
    ]
