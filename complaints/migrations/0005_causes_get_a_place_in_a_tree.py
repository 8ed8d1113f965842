from django.db import migrations, models


class Migration(migrations.Migration):
    """Add: the columns that a tree needs, empty."""

    dependencies = [("complaints", "0004_tickets_by_contact_number_and_acceptance")]

    operations = [
        migrations.AddField("causecode", "path", models.CharField(max_length=255, null=True)),
        migrations.AddField("causecode", "depth", models.PositiveIntegerField(default=1)),
        migrations.AddField("causecode", "numchild", models.PositiveIntegerField(default=0)),
    ]
