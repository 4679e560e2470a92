from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0003_objection_digest"),
    ]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="postponed",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
