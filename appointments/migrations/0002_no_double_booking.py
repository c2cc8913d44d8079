"""PostgreSQL refuses two overlapping appointments of one manager whatever the application does.

A range of one number stands for the manager, so that the constraint needs no extension. SQLite has no such
constraint; there every writing transaction is alone, and the check in the service suffices.
"""

from django.db import migrations

NAME = "a_manager_is_in_one_place"


def install(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(
        f"ALTER TABLE appointments_appointment ADD CONSTRAINT {NAME} EXCLUDE USING gist ("
        "int8range(manager_id, manager_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) "
        "WHERE (manager_id IS NOT NULL AND state NOT IN ('cancelled_client', 'cancelled_us', 'moved'))"
    )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(f"ALTER TABLE appointments_appointment DROP CONSTRAINT {NAME}")


class Migration(migrations.Migration):
    dependencies = [("appointments", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
