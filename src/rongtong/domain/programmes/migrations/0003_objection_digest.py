from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0002_challenges"),
    ]

    operations = [
        migrations.AddField(
            model_name="objection",
            name="digest",
            field=models.CharField(blank=True, max_length=64, null=True, unique=True),
        ),
    ]
