"""A worker borrows a sweep's backlog for a moment; the others leave it alone meanwhile."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("common", "0003_editions_of_the_configuration")]

    operations = [
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True)),
                ("until", models.DateTimeField(blank=True, null=True)),
            ],
            options={"verbose_name": "lease", "verbose_name_plural": "leases", "ordering": ["name"]},
        ),
    ]
