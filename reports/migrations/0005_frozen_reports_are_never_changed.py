from django.db import migrations

TEXT = "a frozen report is never changed"
TRIGGERS = {
    "frozen_report_no_update": "BEFORE UPDATE ON reports_frozenreport",
    "frozen_file_no_update": "BEFORE UPDATE OF report_id, ref, person, records ON reports_frozenfile",
}


def install(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "sqlite":
            for name, event in TRIGGERS.items():
                cursor.execute(f"CREATE TRIGGER {name} {event} BEGIN SELECT RAISE(ABORT, '{TEXT}'); END")
            return
        cursor.execute(
            "CREATE FUNCTION reports_frozen() RETURNS trigger AS $$ "
            f"BEGIN RAISE EXCEPTION '{TEXT}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END; $$ LANGUAGE plpgsql"
        )
        for name, event in TRIGGERS.items():
            cursor.execute(f"CREATE TRIGGER {name} {event} FOR EACH ROW EXECUTE FUNCTION reports_frozen()")


def remove(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for name, event in TRIGGERS.items():
            table = event.rsplit(" ", 1)[-1]
            on = "" if schema_editor.connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        if schema_editor.connection.vendor != "sqlite":
            cursor.execute("DROP FUNCTION IF EXISTS reports_frozen()")


class Migration(migrations.Migration):
    """The figures and records of a frozen report stay; only the link to an erased file is cut."""

    dependencies = [("reports", "0004_freeze_period_reports")]

    operations = [migrations.RunPython(install, remove)]
