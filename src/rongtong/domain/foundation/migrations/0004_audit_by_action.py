from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_documents")]

    operations = [
        migrations.AddIndex("accessevent", models.Index(fields=["action", "seq"], name="access_by_action")),
        migrations.AddIndex("auditevent", models.Index(fields=["action", "seq"], name="audit_by_action")),
        migrations.AddIndex("provisionevent", models.Index(fields=["action", "seq"], name="provision_by_action")),
    ]
