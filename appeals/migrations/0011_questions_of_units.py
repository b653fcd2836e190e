from django.db import migrations, models


class Migration(migrations.Migration):
    """The queue of a unit lists the cases of which only a question is with it: those that still wait, by unit."""

    dependencies = [
        ("appeals", "0010_unit_of_measure"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True), ("forwarded_at__isnull", True)),
                fields=["department", "appeal"],
                name="question_waiting",
            ),
        ),
    ]
