from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appeals", "0013_undelivered")]

    operations = [
        migrations.RenameField("slapolicy", "basis", "basis_en"),
        migrations.AlterField(
            "slapolicy", "basis_en", models.CharField(blank=True, max_length=250, verbose_name="basis in English")
        ),
        migrations.AddField(
            "slapolicy",
            "basis_kk",
            models.CharField(blank=True, default="", max_length=250, verbose_name="basis in Kazakh"),
            preserve_default=False,
        ),
        migrations.AddField(
            "slapolicy",
            "basis_ru",
            models.CharField(blank=True, default="", max_length=250, verbose_name="basis in Russian"),
            preserve_default=False,
        ),
    ]
