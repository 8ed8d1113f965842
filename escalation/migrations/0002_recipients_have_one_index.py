"""The unique index of the two columns begins with the escalation, so one on that alone is not needed."""

from django.db import migrations

INDEX = "escalation_escalation_recipients_escalation_id_b51e1a1b"


class Migration(migrations.Migration):
    dependencies = [("escalation", "0001_squashed")]

    operations = [
        migrations.RunSQL(
            f'DROP INDEX IF EXISTS "{INDEX}"',
            f'CREATE INDEX "{INDEX}" ON "escalation_escalation_recipients" ("escalation_id")',
        )
    ]
