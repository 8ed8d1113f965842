from django.db import migrations, models


class Migration(migrations.Migration):
    """Tighten: no cause without a place, no place twice."""

    dependencies = [("complaints", "0006_put_causes_into_the_tree")]

    operations = [
        migrations.AlterField("causecode", "path", models.CharField(max_length=255, unique=True)),
        migrations.AlterField("causecode", "depth", models.PositiveIntegerField()),
        migrations.AlterField("causecode", "numchild", models.PositiveIntegerField(default=0)),
    ]
