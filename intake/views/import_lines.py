"""What the rows of a list show: name and facts, what is said about them, what they can become."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.records import uuid_of
from accounts.staff import managers_serving
from clients.choices import Intensity
from clients.rules.names import display_phone
from intake.importing import deciding, judging, staging
from intake.importing.checks import Decision
from intake.importing.findings import Finding, Level
from intake.importing.headers import TargetField
from intake.importing.left_out import LEFT_OUT, LeftOut
from intake.importing.people import PersonValues
from intake.models import ImportBatch, ImportRow
from ui.dates import date_de
from ui.parts import cell_text

PAGE = 50
SHOWN = {
    "errors": Q(has_error=True),
    "suspected": Q(is_suspected=True),
    "noted": Q(is_noted=True),
    "left_out": LEFT_OUT,
}
# Taken because nobody said otherwise, though the person may stand there twice.
UNDECIDED = Q(is_suspected=True, decision="", proposal__in=(Decision.OWN_FILE, Decision.RELATIVE))
ORDER = (Level.ERROR, Level.DUPLICATE, Level.WARNING, Level.HINT)


@dataclass(frozen=True)
class Choice:
    """What a row can become; ``instead`` is its label without a name, for Sichtschutz."""

    value: str
    label: str
    selected: bool
    instead: str = ""


@dataclass(frozen=True)
class RowLine:
    """One row of the list as the screen shows it."""

    row: ImportRow
    name: str
    facts: tuple[str, ...]
    findings: tuple[Finding, ...]
    choices: tuple[Choice, ...]
    faulty: tuple[tuple[str, str, str], ...]
    running: tuple[str, ...] = ()

    @property
    def may_judge(self) -> bool:
        """Whether the row can be told apart: a duplicate is suspected, and it can become a file."""
        return (
            (self.row.is_suspected or self.row.is_settled)
            and not self.row.has_error
            and self.row.current_decision != Decision.RELATIVE
        )

    @property
    def decision(self) -> str:
        """The decision in words."""
        return next((choice.label for choice in self.choices if choice.selected), "")


def _facts(person: PersonValues) -> tuple[str, ...]:
    place = person.house.name if person.house else person.accommodation or person.street
    born = _("born %(date)s") % {"date": person.born} if person.born else ""
    return tuple(
        filter(None, (born, place and cell_text(place), ", ".join(map(display_phone, person.phones))))
    )


def _running(person: PersonValues, names: Mapping[str, str]) -> tuple[str, ...]:
    """What the list says about counselling that goes on already."""
    days = (
        (_("counselled since %(day)s"), person.counselled_since),
        (_("last talk on %(day)s"), person.last_talk),
        (_("next review on %(day)s"), person.next_review),
    )
    level = str(Intensity(person.intensity).label) if person.intensity else ""
    told = [words % {"day": date_de(day)} for words, day in days if day is not None]
    return tuple(filter(None, (names.get(person.manager, ""), level, *told)))


def _name(person: PersonValues) -> str:
    return ", ".join(filter(None, (person.surname, person.given_name))) or _("(no name)")


def row_lines(batch: ImportBatch, rows: Sequence[ImportRow], today: datetime.date) -> list[RowLine]:
    """Rows with what is said about them and what they can become; the number of queries does not depend on them."""
    read = judging.read_rows(batch, rows, today)
    heads = _possible_heads(batch, rows, today)
    mapping = staging.mapping_of(batch)
    several = sum(note["is_chosen"] for note in batch.sheets) > 1
    names = {person.username: str(person) for person in managers_serving([batch.municipality_id], today)}
    lines: list[RowLine] = []
    for row, person in zip(rows, read, strict=True):
        findings = [Finding.from_json(stored) for stored in row.findings]
        cells = staging.readable(row.cells, batch.encodings, row.corrected)
        findings.sort(key=lambda finding: ORDER.index(finding.level))
        wrong = {finding.field: finding.message for finding in findings if finding.level is Level.ERROR}
        faulty = tuple(
            (f"cell_{number}", str(field.label), cells[number])
            for number, field in enumerate(mapping)
            if field in wrong and row.cells
        )
        lines.append(
            RowLine(
                row=row,
                name=_name(person.values),
                facts=_facts(person.values) + ((row.sheet,) if several else ()),
                findings=tuple(findings),
                choices=tuple(_choices(row, heads)),
                faulty=faulty,
                running=_running(person.values, names),
            )
        )
    return lines


@dataclass(frozen=True)
class LeftLine:
    """A row nobody imported, as the result shows it."""

    row: ImportRow
    name: str
    reason: SafeString


def left_lines(batch: ImportBatch, entries: Sequence[LeftOut], today: datetime.date) -> list[LeftLine]:
    """Rows that became nothing, by name and reason."""
    read = judging.read_rows(batch, [entry.row for entry in entries], today)
    return [
        LeftLine(entry.row, _name(person.values), entry.shown)
        for entry, person in zip(entries, read, strict=True)
    ]


def columns_left(batch: ImportBatch) -> list[str]:
    """Columns that are not imported, by their names in the list."""
    return [
        name
        for name, field in zip(staging.header_of(batch), batch.mapping, strict=True)
        if field == TargetField.IGNORE and name
    ]


def _possible_heads(
    batch: ImportBatch, rows: Sequence[ImportRow], today: datetime.date
) -> dict[int, tuple[ImportRow, str]]:
    """Rows with an own file that share family or surname with one of these, by position, with their name."""
    keys = {row.family_key for row in rows if row.family_key}
    surnames = {row.folded_surname for row in rows if row.folded_surname}
    chosen = {row.current_head for row in rows if row.current_head is not None}
    related = batch.listed.filter(
        Q(family_key__in=keys) | Q(folded_surname__in=surnames) | Q(position__in=chosen)
    ).filter(Q(decision=Decision.OWN_FILE) | Q(decision="", proposal=Decision.OWN_FILE))
    found = list(related[: PAGE * 10])
    names = [_name(person.values) for person in judging.read_rows(batch, found, today)]
    return {row.place: (row, name) for row, name in zip(found, names, strict=True)}


def _choices(row: ImportRow, heads: dict[int, tuple[ImportRow, str]]) -> list[Choice]:
    decision = row.current_decision
    if row.has_error:
        return [Choice(Decision.LEAVE_OUT.value, _("Leave out until corrected"), True)]
    offered = [Choice(Decision.OWN_FILE.value, str(Decision.OWN_FILE.label), decision == Decision.OWN_FILE)]
    for position, (head, name) in heads.items():
        related = (head.family_key and head.family_key == row.family_key) or (
            head.folded_surname and head.folded_surname == row.folded_surname
        )
        selected = decision == Decision.RELATIVE and row.current_head == position
        if position != row.position and (related or selected):
            label, instead = (
                _("Relative of %(name)s") % {"name": who}
                for who in (name, _("Row %(label)s") % {"label": head.label})
            )
            offered.append(Choice(f"{Decision.RELATIVE.value}:{position}", label, selected, instead))
    if decision == Decision.RELATIVE and not any(choice.selected for choice in offered):
        offered.append(Choice("", _("Relative – please choose again of whom"), True))
    offered.append(
        Choice(Decision.LEAVE_OUT.value, str(Decision.LEAVE_OUT.label), decision == Decision.LEAVE_OUT)
    )
    return offered


def rows_context(batch: ImportBatch, request: HttpRequest, today: datetime.date) -> dict[str, Any]:
    """The rows of one page with filter, counts and paging."""
    show = request.GET.get("show", "")
    rows = batch.listed
    if show in SHOWN:
        rows = rows.filter(SHOWN[show])
    cursor = _cursor(batch, request)
    if cursor is not None:
        rows = rows.filter(position__gt=cursor.position)
    page = list(rows[: PAGE + 1])
    return {
        "batch": batch,
        "tally": deciding.tally(batch),
        "set_aside": batch.set_aside.count(),
        "undecided": batch.listed.filter(UNDECIDED).count(),
        "lines": row_lines(batch, page[:PAGE], today),
        "show": show if show in SHOWN else "",
        "filters": FILTERS,
        "after": page[PAGE - 1].uuid if len(page) > PAGE else None,
        "is_later": cursor is not None,
        "query": request.GET.urlencode(),
        "found": found_sentence(batch),
    }


FILTERS = (
    ("", gettext_lazy("All rows")),
    ("errors", gettext_lazy("With errors")),
    ("suspected", gettext_lazy("Perhaps twice")),
    ("noted", gettext_lazy("With remarks")),
    ("left_out", gettext_lazy("Left out")),
)


def _cursor(batch: ImportBatch, request: HttpRequest) -> ImportRow | None:
    after = uuid_of(request.GET.get("after", ""))
    return batch.listed.filter(uuid=after).first() if after else None


ENCODINGS = {
    "cp1252": "Windows-1252",
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
SEPARATOR_NAMES = {
    ";": gettext_lazy("semicolon"),
    ",": gettext_lazy("comma"),
    "\t": gettext_lazy("tabulator"),
    "|": gettext_lazy("vertical bar"),
}


def found_sentence(batch: ImportBatch) -> str:
    """What was recognised in the file, in one sentence."""
    persons = ngettext("%(number)d row", "%(number)d rows", batch.total_rows) % {"number": batch.total_rows}
    chosen = [note["name"] for note in batch.sheets if note["is_chosen"]]
    if len(chosen) > 1:
        how = _("sheets %(sheets)s") % {"sheets": ", ".join(chosen)}
    elif batch.sheet:
        how = _("sheet “%(sheet)s”") % {"sheet": chosen[0] if chosen else batch.sheet}
    else:
        how = _("%(encoding)s, separated by %(separator)s") % {
            "encoding": ENCODINGS.get(batch.encoding, batch.encoding),
            "separator": SEPARATOR_NAMES.get(batch.separator, batch.separator),
        }
    return _("%(rows)s recognised in %(file)s (%(how)s), uploaded on %(date)s.") % {
        "rows": persons,
        "file": batch.filename,
        "how": how,
        "date": date_de(batch.uploaded_at),
    }
