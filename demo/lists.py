"""Lists that came in and went out: an import that can still be taken back, and a client list somebody took away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from accounts.actor import Actor
from accounts.models import User
from clients.models import Client, ListExport
from clients.recompute import recompute
from clients.services.list_export import export_list
from demo.world import REASON, Place, World, at, random_key
from intake.choices import ImportState
from intake.importing.commit import import_list
from intake.importing.judging import advance
from intake.importing.staging import Columns, choose_columns, mapping_of, stage
from intake.importing.undoing import files_of
from intake.importing.uploads import read_table
from intake.models import ImportBatch

RUNNING = 2
"""So many running cases the list brings; they are among the active files that were asked for."""
COLUMNS = (
    *("Nachname", "Vorname", "Geburtsdatum", "Geschlecht", "Staatsangehörigkeit", "Familie", "Unterkunft"),
    *("Telefon", "Integrationsmanager:in", "Beratung seit", "Intensität", "Letztes Gespräch"),
)

NOT_RUNNING = ("",) * 4


def import_running_cases(world: World, place: Place, users: Mapping[str, User], running: int) -> None:
    """The list with which the town hands over running cases: nobody has worked on them yet.

    Args:
        running: how many of them; a mother with a child waits in the inbox besides, and one row has an error.
    """
    actor = Actor(users["manager"], at(world.working_day(-1), 16, 10))
    pick = world.chance("import")
    table = read_table(_written(world, users["manager"], running).encode(), "laufende-faelle.csv")
    batch = ImportBatch(
        municipality=place.municipality, filename="laufende-faelle.csv", form_token=random_key(pick)
    )
    batch = stage(actor, batch, table)
    batch = choose_columns(actor, batch, Columns(mapping_of(batch)))
    while batch.state == ImportState.CHECKING:
        batch = advance(actor, batch)
    batch = import_list(actor, batch)
    batch.finished_at = actor.now + dt.timedelta(seconds=1)
    batch.save(update_fields=["finished_at"])
    files = list(Client.objects.unscoped(reason=REASON).filter(pk__in=files_of(batch)).order_by("pk"))
    for file in files:
        file.uuid = random_key(pick)
    Client.objects.bulk_update(files, ["uuid"])
    recompute(files, at(world.as_of, 6, 30))


def _written(world: World, manager: User, running: int) -> str:
    begun = (world.began_on + dt.timedelta(days=9), world.began_on + dt.timedelta(days=30))
    talked = (world.working_day(-9), world.working_day(-20))
    cases = [
        ("Abdulsalam", "Nazdar", "17.05.1984", "w", "Irak", "", "Haus Spöck", "intensiv"),
        ("Hryhorenko", "Pavlo", "02.11.1971", "m", "Ukraine", "", "", "punktuell"),
    ][:running]
    rows: list[tuple[str, ...]] = [
        (*person, _phone(world), str(manager), f"{start:%d.%m.%Y}", level, f"{talk:%d.%m.%Y}")
        for (*person, level), start, talk in zip(cases, begun, talked, strict=False)
    ]
    year = world.as_of.year
    family = ("Eritrea", "1", "Haus Spöck")
    rows.append(("Ghebremeskel", "Selam", f"09.03.{year - 33}", "w", *family, _phone(world), *NOT_RUNNING))
    rows.append(("Ghebremeskel", "Yonas", f"21.08.{year - 6}", "m", *family, "", *NOT_RUNNING))
    rows.append(("Okafor", "Chidi", "31.02.1990", "m", "Nigeria", "", "", "", *NOT_RUNNING))
    return "\n".join(";".join(row) for row in (COLUMNS, *rows))


def _phone(world: World) -> str:
    return f"+4915510{next(world.phones):06d}"


def take_list_away(world: World, users: Mapping[str, User]) -> None:
    """The manager took her list along as a file a week ago."""
    reason = "Abgleich der Anschriften mit dem Einwohnermeldeamt"
    export_list(
        Actor(users["manager"], at(world.working_day(-5), 9, 5)), ListExport(reason=reason), {}
    ).close()
