"""Rows of before get their category and their digest."""

import uuid

from django.db import migrations

from audit.actions import CATEGORY_OF
from audit.digests import digest_of

CHUNK = 1000


def give_digests(apps, schema_editor):
    """What was there before is proved from now on, not from its own time; the sealer takes it first."""
    record = apps.get_model("audit", "AuditRecord")
    rows = record.objects.filter(digest="").order_by("pk")
    while found := list(rows[:CHUNK]):
        for row in found:
            row.uid, row.category = uuid.uuid4(), str(CATEGORY_OF[row.action])
            row.digest = digest_of(row)
        record.objects.bulk_update(found, ["uid", "category", "digest"])


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_audit_record")]
    operations = [migrations.RunPython(give_digests, migrations.RunPython.noop)]
