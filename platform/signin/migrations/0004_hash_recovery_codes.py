"""Recovery codes that somebody has seen are kept as hashes; the seed they were computed from goes."""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import migrations

from signin.recovery_codes import hashed


def hash_codes(apps, schema_editor):
    rows = apps.get_model("mfa", "Authenticator").objects.filter(type="recovery_codes")
    for row in rows.iterator():
        if row.data.get("viewed_at") and "hashes" not in row.data:
            row.data = hashed(RecoveryCodes(row).get_unused_codes()) | {"viewed_at": row.data["viewed_at"]}
            row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("signin", "0003_forget_usersessions"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [migrations.RunPython(hash_codes, migrations.RunPython.noop, elidable=True)]
