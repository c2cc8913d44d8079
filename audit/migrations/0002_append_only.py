from django.db import migrations

from audit import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """Make the audit table append-only on both databases."""

    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
