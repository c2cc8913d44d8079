"""Which column of a list is what: proposed from the column names, decided by the person at the screen."""

import re
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.importing.date_values import looks_like_dates
from intake.importing.headers import TargetField, field_for_header, normalise_header
from intake.importing.tables import SourceRow, Table

Mapping = tuple[TargetField, ...]

# Two columns of the same kind are normal here (landline and mobile, two languages); their values are put
# together.
REPEATABLE = frozenset({TargetField.IGNORE, TargetField.PHONE, TargetField.EMAIL, TargetField.LANGUAGES})


def propose_mapping(table: Table) -> Mapping:
    """One target per column, from German and English column names; what is not recognised is not imported."""
    proposed: list[TargetField] = []
    for cell in table.header:
        field = field_for_header(cell) or TargetField.IGNORE
        proposed.append(TargetField.IGNORE if field in proposed and field not in REPEATABLE else field)
    if TargetField.SURNAME in proposed and TargetField.GIVEN_NAME not in proposed:
        column = proposed.index(TargetField.SURNAME)
        with_comma = sum(1 for row in table.rows if "," in row.cells[column])
        if with_comma * 2 > len(table.rows):
            proposed[column] = TargetField.FULL_NAME
    _beside_the_status(table, proposed)
    return tuple(proposed)


_ENDS = re.compile(r"\b(bis|ende|ablauf|laeuft ab|frist|verlaengert)\b")
_BEGINS = re.compile(
    r"^(von|vom|ab|seit|am|beginn|gueltig (ab|von|seit)|(erteilt|ausgestellt|beantragt|datum der)\b.*)$"
)


def _beside_the_status(table: Table, proposed: list[TargetField]) -> None:
    """A column of dates beside the residence status, named "bis" or not at all, says until when it is valid.

    One that says since when is passed over, and where several could be meant the one that is named so counts.
    """
    if TargetField.RESIDENCE_STATUS not in proposed or TargetField.RESIDENCE_UNTIL in proposed:
        return
    status = proposed.index(TargetField.RESIDENCE_STATUS)
    names = [normalise_header(cell) for cell in table.header]
    right: list[int] = []
    for column in range(status + 1, len(proposed)):
        if field_for_header(table.header[column]) is not None or not _holds_dates(table, column):
            break
        if not _BEGINS.match(names[column]):
            right.append(column)
    named = [column for column in (*right, status - 1) if column >= 0 and _ENDS.search(names[column])]
    chosen = [column for column in named if _holds_dates(table, column)] or right
    if chosen and proposed[chosen[0]] is TargetField.IGNORE:
        proposed[chosen[0]] = TargetField.RESIDENCE_UNTIL


def _holds_dates(table: Table, column: int) -> bool:
    return looks_like_dates([row.cells[column] for row in table.rows])


def mapping_faults(mapping: Sequence[TargetField]) -> tuple[str | Promise, ...]:
    """What must be changed before rows can be read with this mapping; empty when it is usable."""
    faults: list[str | Promise] = []
    chosen = set(mapping)
    if not chosen & {TargetField.SURNAME, TargetField.FULL_NAME}:
        faults.append(_("Please say which column holds the surname."))
    if TargetField.FULL_NAME in chosen and chosen & {TargetField.SURNAME, TargetField.GIVEN_NAME}:
        faults.append(_("Name in one column or in two: please choose one of both."))
    for field in TargetField:
        if field not in REPEATABLE and mapping.count(field) > 1:
            faults.append(_("“%(field)s” is chosen for more than one column.") % {"field": field.label})
    return tuple(faults)


def samples(rows: Sequence[SourceRow], column: int, number: int = 3) -> tuple[str, ...]:
    """The first different values of a column, to recognise it by."""
    found: dict[str, None] = {}
    for row in rows:
        if row.cells[column]:
            found[row.cells[column]] = None
        if len(found) == number:
            break
    return tuple(found)
