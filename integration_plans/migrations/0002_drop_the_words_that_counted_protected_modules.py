"""The sentence "a protected module" told what it hid; what may be said is composed from the other modules when read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integration_plans", "0001_plans_assessments_progress")]

    operations = [
        # Backwards the column comes back empty.
        migrations.AlterField(
            model_name="intensitydecision",
            name="arithmetic_open",
            field=models.TextField(default="", editable=False),
        ),
        migrations.RemoveField(model_name="intensitydecision", name="arithmetic_open"),
    ]
