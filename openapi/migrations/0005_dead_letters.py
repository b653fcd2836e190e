from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("openapi", "0004_usage")]
    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("status", "dead")), fields=["subscription", "-id"], name="webhook_dead"
            ),
        ),
    ]
