"""Judge the rows of a list: what is wrong, what should be looked at, and what is proposed for each person.

Pure: cells in, findings out, ``today`` passed in. A finding is stored as a code with its values and becomes
a sentence only on the screen. Errors keep a row from being imported; hints, warnings and suspicions never do.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.importing.headers import TargetField
from clients.importing.values import (
    plain,
    read_email,
    read_gender,
    read_languages,
    read_nationality,
    read_phones,
    read_residence_status,
    read_yes,
)
from clients.rules.dates import (
    BirthDoubt,
    DateFault,
    DateInputError,
    Precision,
    UncertainDate,
    birth_doubts,
    certainly_before,
    is_at_least,
    parse_uncertain,
)
from clients.rules.duplicates import DuplicateReason, PersonTraits, suspect

OWN_FILE_AGE = 16
ADULT_AGE = 18
# What the fields of a file hold.
LONGEST = {
    TargetField.SURNAME: 120,
    TargetField.GIVEN_NAME: 120,
    TargetField.FULL_NAME: 120,
    TargetField.FAMILY_KEY: 120,
    TargetField.ACCOMMODATION: 120,
    TargetField.STREET: 160,
    TargetField.POSTCODE: 10,
    TargetField.TOWN: 120,
    TargetField.EMAIL: 160,
}
FORMULA_STARTS = ("=", "+", "-", "@")


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    DUPLICATE = "duplicate"
    HINT = "hint"


class Decision(models.TextChoices):
    """What becomes of a row."""

    OWN_FILE = "own_file", _("Own file")
    RELATIVE = "relative", _("Co-counselled relative")
    LEAVE_OUT = "leave_out", _("Leave out")


class FindingCode(StrEnum):
    NO_SURNAME = "no_surname"
    TOO_LONG = "too_long"
    NO_GIVEN_NAME = "no_given_name"
    NO_SUCH_DAY = "no_such_day"
    DATE_UNREADABLE = "date_unreadable"
    SHORT_YEAR = "short_year"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    BIRTH_IN_FUTURE = "birth_in_future"
    BIRTH_YEAR_ONLY = "birth_year_only"
    BIRTH_MONTH_ONLY = "birth_month_only"
    VERY_OLD = "very_old"
    NO_BIRTH_DATE = "no_birth_date"
    ARRIVAL_NOT_EXACT = "arrival_not_exact"
    ARRIVAL_IN_FUTURE = "arrival_in_future"
    ASSIGNED_BEFORE_ARRIVAL = "assigned_before_arrival"
    ARRIVED_BEFORE_BIRTH = "arrived_before_birth"
    DAY_NEEDED = "day_needed"
    GERMAN_NATIONALITY = "german_nationality"
    NO_RESIDENCE_STATUS = "no_residence_status"
    NOT_UNDERSTOOD = "not_understood"
    STARTS_LIKE_FORMULA = "starts_like_formula"
    MINOR_WITHOUT_FAMILY = "minor_without_family"
    DUPLICATE_IN_LIST = "duplicate_in_list"
    DUPLICATE_FILE = "duplicate_file"
    DUPLICATE_INBOX = "duplicate_inbox"
    DUPLICATE_COLLEAGUE = "duplicate_colleague"


_SENTENCES: dict[FindingCode, Promise] = {
    FindingCode.NO_SURNAME: _("The surname is missing."),
    FindingCode.TOO_LONG: _("%(column)s: at most %(number)s characters fit here."),
    FindingCode.NO_GIVEN_NAME: _("The given name is missing."),
    FindingCode.NO_SUCH_DAY: _("%(column)s: the day %(value)s does not exist."),
    FindingCode.DATE_UNREADABLE: _(
        "%(column)s: “%(value)s” is not a date. Expected is for example 14.03.1986 or 1986."
    ),
    FindingCode.SHORT_YEAR: _("%(column)s: please write the year of %(value)s with four digits."),
    FindingCode.DATE_OUT_OF_RANGE: _("%(column)s: the year in %(value)s cannot be right."),
    FindingCode.BIRTH_IN_FUTURE: _("The date of birth %(value)s lies in the future."),
    FindingCode.BIRTH_YEAR_ONLY: _("Only the year of birth is known; the date is kept as uncertain."),
    FindingCode.BIRTH_MONTH_ONLY: _("Only month and year of birth are known; the date is kept as uncertain."),
    FindingCode.VERY_OLD: _("By the date of birth %(value)s the person would be older than 110."),
    FindingCode.NO_BIRTH_DATE: _("The date of birth is missing."),
    FindingCode.ARRIVAL_NOT_EXACT: _("The day of arrival is not known; the date is kept as uncertain."),
    FindingCode.ARRIVAL_IN_FUTURE: _("The arrival %(value)s lies in the future."),
    FindingCode.ASSIGNED_BEFORE_ARRIVAL: _(
        "The allocation (%(assigned)s) lies before the arrival (%(arrived)s)."
    ),
    FindingCode.ARRIVED_BEFORE_BIRTH: _(
        "The arrival (%(arrived)s) lies before the date of birth (%(born)s)."
    ),
    FindingCode.DAY_NEEDED: _("%(column)s: “%(value)s” is no exact day and is not taken over."),
    FindingCode.GERMAN_NATIONALITY: _("German nationality: is the person on this list by mistake?"),
    FindingCode.NO_RESIDENCE_STATUS: _(
        "No residence status is given: is the person on this list by mistake?"
    ),
    FindingCode.NOT_UNDERSTOOD: _("%(column)s: “%(value)s” was not understood and is not taken over."),
    FindingCode.STARTS_LIKE_FORMULA: _("%(column)s: looks like a formula and is kept as plain text."),
    FindingCode.MINOR_WITHOUT_FAMILY: _(
        "Under 16, but no adult of the same family is on the list: own file."
    ),
    FindingCode.DUPLICATE_IN_LIST: _("Perhaps the same person as row %(row)s: %(reasons)s."),
    FindingCode.DUPLICATE_FILE: _("Perhaps the same person as %(case_number)s in your files: %(reasons)s."),
    FindingCode.DUPLICATE_INBOX: _("Perhaps the same person as an entry in the inbox: %(reasons)s."),
    FindingCode.DUPLICATE_COLLEAGUE: _("There is a file with this name and date of birth: %(manager)s."),
}

_REASONS: dict[DuplicateReason, Promise] = {
    DuplicateReason.SAME_NAME: _("same name"),
    DuplicateReason.SIMILAR_NAME: _("similar name"),
    DuplicateReason.SWAPPED_NAME: _("name parts swapped"),
    DuplicateReason.GIVEN_NAME_MISSING: _("same surname, one given name missing"),
    DuplicateReason.SAME_BIRTH_DATE: _("same date of birth"),
    DuplicateReason.SIMILAR_BIRTH_DATE: _("similar date of birth"),
    DuplicateReason.SAME_PHONE: _("same phone number"),
}

_DATE_FAULTS = {
    DateFault.NO_SUCH_DAY: FindingCode.NO_SUCH_DAY,
    DateFault.UNREADABLE: FindingCode.DATE_UNREADABLE,
    DateFault.SHORT_YEAR: FindingCode.SHORT_YEAR,
    DateFault.OUT_OF_RANGE: FindingCode.DATE_OUT_OF_RANGE,
}


@dataclass(frozen=True)
class Finding:
    """Something to say about a row; ``field`` is the cell it belongs to, or None for the row as a whole."""

    level: Level
    code: FindingCode
    field: TargetField | None = None
    values: Mapping[str, str] = dataclass_field(default_factory=dict)

    @property
    def message(self) -> str:
        filled: dict[str, str] = dict(self.values)
        if self.field is not None:
            filled["column"] = str(self.field.label)
        if "reasons" in filled:
            reasons = (DuplicateReason(reason) for reason in filled["reasons"].split())
            filled["reasons"] = ", ".join(str(_REASONS[reason]) for reason in reasons)
        return str(_SENTENCES[self.code]) % filled

    def as_json(self) -> dict[str, Any]:
        return {
            "level": self.level.value,
            "code": self.code.value,
            "field": self.field.value if self.field else "",
            "values": dict(self.values),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Finding":
        return cls(
            Level(stored["level"]),
            FindingCode(stored["code"]),
            TargetField(stored["field"]) if stored["field"] else None,
            stored["values"],
        )


@dataclass(frozen=True)
class PersonValues:
    """One person as the list says it, in codes and dates; None or empty is what the list does not say."""

    surname: str = ""
    given_name: str = ""
    born: UncertainDate | None = None
    gender: str = ""
    nationality: str = ""
    family_key: str = ""
    family_head: bool = False
    arrived: UncertainDate | None = None
    assigned_on: date | None = None
    accommodation: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    residence_status: str = ""
    residence_until: date | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    source: str = ""
    external_number: str = ""
    running_number: str = ""

    @property
    def traits(self) -> PersonTraits:
        return PersonTraits(self.surname, self.given_name, self.born, self.phones[0] if self.phones else "")


@dataclass(frozen=True)
class ReadRow:
    """A row read cell by cell, before it is compared with others."""

    line: int
    values: PersonValues
    findings: tuple[Finding, ...]

    @property
    def has_error(self) -> bool:
        return any(finding.level is Level.ERROR for finding in self.findings)

    @property
    def label(self) -> str:
        """How the list itself counts this row; its line in the file where it does not."""
        return self.values.running_number or str(self.line)


@dataclass(frozen=True)
class Proposal:
    """What is proposed for a row; ``head`` is the position of the person a relative belongs to."""

    decision: Decision
    head: int | None = None


@dataclass(frozen=True)
class CheckedRow:
    read: ReadRow
    findings: tuple[Finding, ...]
    proposal: Proposal


@dataclass(frozen=True)
class KnownCodes:
    """The codes of the value lists in lower case; what they lack is not taken over.

    ``sources`` gives the code for every way a source may be written, in the form of ``values.plain``.
    """

    countries: frozenset[str]
    languages: frozenset[str]
    sources: Mapping[str, str] = dataclass_field(default_factory=dict)


# --- one row --------------------------------------------------------------------------------------


class _RowReader:
    """Collects the findings while the cells of one row are read."""

    def __init__(
        self,
        cells: Mapping[TargetField, Sequence[str]],
        mapped: frozenset[TargetField],
        today: date,
        known: KnownCodes | None,
    ) -> None:
        self.cells = cells
        self.mapped = mapped
        self.today = today
        self.known = known
        self.findings: list[Finding] = []

    def text(self, field: TargetField) -> str:
        return next(iter(self.cells.get(field, ())), "")

    def note(self, level: Level, code: FindingCode, field: TargetField | None = None, **values: str) -> None:
        self.findings.append(Finding(level, code, field, values))

    def uncertain_date(self, field: TargetField) -> UncertainDate | None:
        text = self.text(field)
        if not text:
            return None
        try:
            return parse_uncertain(text)
        except DateInputError as error:
            self.note(Level.ERROR, _DATE_FAULTS[error.fault], field, value=text)
            return None

    def exact_date(self, field: TargetField) -> date | None:
        found = self.uncertain_date(field)
        if found is not None and found.precision != Precision.DAY:
            self.note(Level.HINT, FindingCode.DAY_NEEDED, field, value=self.text(field))
            return None
        return found.value if found is not None else None

    def coded(self, field: TargetField, code: str | None) -> str:
        text = self.text(field)
        if text and code is None:
            self.note(Level.HINT, FindingCode.NOT_UNDERSTOOD, field, value=text)
        return code or ""

    def lengths(self) -> None:
        for field, longest in LONGEST.items():
            if any(len(cell) > longest for cell in self.cells.get(field, ())):
                self.note(Level.ERROR, FindingCode.TOO_LONG, field, number=str(longest))

    def names(self) -> tuple[str, str]:
        surname, given_name = self.text(TargetField.SURNAME), self.text(TargetField.GIVEN_NAME)
        if TargetField.FULL_NAME in self.mapped:
            surname, _comma, given_name = (
                part.strip() for part in self.text(TargetField.FULL_NAME).partition(",")
            )
        surname_field = TargetField.FULL_NAME if TargetField.FULL_NAME in self.mapped else TargetField.SURNAME
        if not surname:
            self.note(Level.ERROR, FindingCode.NO_SURNAME, surname_field)
        if not given_name:
            self.note(Level.HINT, FindingCode.NO_GIVEN_NAME, TargetField.GIVEN_NAME)
        for name, field in ((surname, surname_field), (given_name, TargetField.GIVEN_NAME)):
            if name.startswith(FORMULA_STARTS):
                self.note(Level.HINT, FindingCode.STARTS_LIKE_FORMULA, field)
        return surname, given_name

    def birth(self) -> UncertainDate | None:
        born = self.uncertain_date(TargetField.BIRTH_DATE)
        text = self.text(TargetField.BIRTH_DATE)
        if not text:
            self.note(Level.HINT, FindingCode.NO_BIRTH_DATE, TargetField.BIRTH_DATE)
        for doubt in birth_doubts(born, self.today) if born else ():
            match doubt:
                case BirthDoubt.IN_FUTURE:
                    self.note(Level.ERROR, FindingCode.BIRTH_IN_FUTURE, TargetField.BIRTH_DATE, value=text)
                case BirthDoubt.VERY_OLD:
                    self.note(Level.WARNING, FindingCode.VERY_OLD, TargetField.BIRTH_DATE, value=text)
                case BirthDoubt.NOT_EXACT:
                    month = born is not None and born.precision == Precision.MONTH
                    code = FindingCode.BIRTH_MONTH_ONLY if month else FindingCode.BIRTH_YEAR_ONLY
                    self.note(Level.HINT, code, TargetField.BIRTH_DATE)
                case _:
                    # 01.01. is what half of all papers say; the file keeps it and nobody needs to be told
                    # here.
                    continue
        return None if born is not None and born.first > self.today else born

    def arrival(self, born: UncertainDate | None, assigned_on: date | None) -> UncertainDate | None:
        arrived = self.uncertain_date(TargetField.ARRIVED_ON)
        if arrived is None:
            return None
        if arrived.precision != Precision.DAY:
            self.note(Level.HINT, FindingCode.ARRIVAL_NOT_EXACT, TargetField.ARRIVED_ON)
        if arrived.first > self.today:
            self.note(
                Level.WARNING, FindingCode.ARRIVAL_IN_FUTURE, TargetField.ARRIVED_ON, value=str(arrived)
            )
        if assigned_on is not None and certainly_before(UncertainDate(assigned_on), arrived):
            self.note(
                Level.WARNING,
                FindingCode.ASSIGNED_BEFORE_ARRIVAL,
                TargetField.ASSIGNED_ON,
                assigned=str(UncertainDate(assigned_on)),
                arrived=str(arrived),
            )
        if born is not None and certainly_before(arrived, born):
            self.note(
                Level.WARNING,
                FindingCode.ARRIVED_BEFORE_BIRTH,
                TargetField.ARRIVED_ON,
                arrived=str(arrived),
                born=str(born),
            )
        return arrived

    def nationality(self) -> str:
        read = read_nationality(self.text(TargetField.NATIONALITY))
        if self.known is not None and (read or "").lower() not in self.known.countries:
            read = None
        code = self.coded(TargetField.NATIONALITY, read)
        if code == "DE":
            self.note(Level.WARNING, FindingCode.GERMAN_NATIONALITY, TargetField.NATIONALITY)
        return code

    def residence_status(self) -> str:
        text = self.text(TargetField.RESIDENCE_STATUS)
        german = read_nationality(self.text(TargetField.NATIONALITY)) == "DE"
        if TargetField.RESIDENCE_STATUS in self.mapped and not text and not german:
            self.note(Level.WARNING, FindingCode.NO_RESIDENCE_STATUS, TargetField.RESIDENCE_STATUS)
        return self.coded(TargetField.RESIDENCE_STATUS, read_residence_status(text) if text else None)

    def languages(self) -> tuple[str, ...]:
        codes: dict[str, None] = {}
        for cell in self.cells.get(TargetField.LANGUAGES, ()):
            read, unknown = read_languages(cell)
            listed = [code for code in read if self.known is None or code in self.known.languages]
            codes.update(dict.fromkeys(listed))
            for word in unknown if len(listed) == len(read) else (cell,):
                self.note(Level.HINT, FindingCode.NOT_UNDERSTOOD, TargetField.LANGUAGES, value=word)
        return tuple(codes)

    def source(self) -> str:
        text = self.text(TargetField.SOURCE)
        if self.known is None:
            return text
        return self.coded(TargetField.SOURCE, self.known.sources.get(plain(text)))

    def phones(self) -> tuple[str, ...]:
        numbers: dict[str, None] = {}
        for cell in self.cells.get(TargetField.PHONE, ()):
            known, unknown = read_phones(cell)
            numbers.update(dict.fromkeys(known))
            for part in unknown:
                self.note(Level.HINT, FindingCode.NOT_UNDERSTOOD, TargetField.PHONE, value=part)
        return tuple(numbers)

    def emails(self) -> tuple[str, ...]:
        addresses: dict[str, None] = {}
        for cell in self.cells.get(TargetField.EMAIL, ()):
            address = read_email(cell)
            if address is None:
                self.note(Level.HINT, FindingCode.NOT_UNDERSTOOD, TargetField.EMAIL, value=cell)
            else:
                addresses[address] = None
        return tuple(addresses)


def read_row(
    cells: Sequence[str],
    mapping: Sequence[TargetField],
    line: int,
    today: date,
    known: KnownCodes | None = None,
) -> ReadRow:
    """Read one row by its mapping.

    Args:
        cells: as wide as the mapping.
        line: where the row stands in the file.
        today: the day of the import, for dates in the future.
        known: codes of the value lists; None accepts every code the reader knows.
    """
    by_field: defaultdict[TargetField, list[str]] = defaultdict(list)
    for field, cell in zip(mapping, cells, strict=True):
        if field is not TargetField.IGNORE and cell:
            by_field[field].append(cell)
    reader = _RowReader(by_field, frozenset(mapping), today, known)
    reader.lengths()
    surname, given_name = reader.names()
    born = reader.birth()
    assigned_on = reader.exact_date(TargetField.ASSIGNED_ON)
    values = PersonValues(
        surname=surname,
        given_name=given_name,
        born=born,
        arrived=reader.arrival(born, assigned_on),
        assigned_on=assigned_on,
        gender=reader.coded(TargetField.GENDER, read_gender(reader.text(TargetField.GENDER))),
        nationality=reader.nationality(),
        family_key=reader.text(TargetField.FAMILY_KEY),
        family_head=read_yes(reader.text(TargetField.FAMILY_HEAD)),
        accommodation=reader.text(TargetField.ACCOMMODATION),
        street=reader.text(TargetField.STREET),
        postcode=reader.text(TargetField.POSTCODE),
        town=reader.text(TargetField.TOWN),
        residence_status=reader.residence_status(),
        residence_until=reader.exact_date(TargetField.RESIDENCE_UNTIL),
        phones=reader.phones(),
        emails=reader.emails(),
        languages=reader.languages(),
        source=reader.source(),
        external_number=reader.text(TargetField.EXTERNAL_NUMBER),
        running_number=reader.text(TargetField.RUNNING_NUMBER),
    )
    return ReadRow(line, values, tuple(reader.findings))


# --- rows compared with each other ----------------------------------------------------------------


def duplicates_in_list(
    rows: Sequence[ReadRow], start: int = 0, stop: int | None = None
) -> dict[int, tuple[Finding, ...]]:
    """Suspected repetitions within the list by position; both rows of a pair are marked.

    Args:
        start, stop: judge only the pairs whose later row stands in this range; ranges side by side give
        together what
            one call for the whole list gives, so that a long list can be compared in portions.
    """
    people = [row.values.traits for row in rows]
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    found: defaultdict[int, list[Finding]] = defaultdict(list)
    for later, person in enumerate(people[:stop]):
        if later >= start:
            candidates = {earlier for key in person.block_keys for earlier in blocks[key]}
            for earlier in sorted(candidates):
                suspicion = suspect(people[earlier], person)
                if suspicion is not None:
                    reasons = " ".join(reason.value for reason in suspicion.reasons)
                    found[earlier].append(_same_as(later, rows[later], reasons))
                    found[later].append(_same_as(earlier, rows[earlier], reasons))
        for key in person.block_keys:
            blocks[key].append(later)
    return {position: tuple(findings) for position, findings in found.items()}


def _same_as(position: int, other: ReadRow, reasons: str) -> Finding:
    values = {"row": other.label, "position": str(position), "reasons": reasons}
    return Finding(Level.DUPLICATE, FindingCode.DUPLICATE_IN_LIST, None, values)


def duplicates_of_row(rows: Sequence[ReadRow], position: int) -> dict[int, tuple[Finding, ...]]:
    """What ``duplicates_in_list`` says about the pairs of one row: after a correction the others stay as
    they are."""
    found: defaultdict[int, list[Finding]] = defaultdict(list)
    person = rows[position].values.traits
    for other, row in enumerate(rows):
        traits = row.values.traits
        if other != position and person.block_keys & traits.block_keys:
            suspicion = suspect(traits, person)
            if suspicion is not None:
                reasons = " ".join(reason.value for reason in suspicion.reasons)
                found[position].append(_same_as(other, row, reasons))
                found[other].append(_same_as(position, rows[position], reasons))
    return {place: tuple(findings) for place, findings in found.items()}


def repeated_rows(rows: Sequence[ReadRow]) -> frozenset[int]:
    """Positions of rows whose name and exact date of birth stood in an earlier importable row already."""
    seen: set[tuple[tuple[str, str], UncertainDate]] = set()
    repeated: set[int] = set()
    for position, row in enumerate(rows):
        traits = row.values.traits
        if row.has_error or traits.born is None or not all(traits.folded) or traits.born.is_placeholder:
            continue
        key = (traits.folded, traits.born)
        if key in seen:
            repeated.add(position)
        seen.add(key)
    return frozenset(repeated)


def family_heads(rows: Sequence[ReadRow], left_out: Iterable[int], today: date) -> dict[str, int]:
    """The position of each family's head: marked as such, else the first adult, else the first from 16 on."""
    out = frozenset(left_out)
    best: dict[str, tuple[int, int]] = {}
    for position, row in enumerate(rows):
        values = row.values
        if not values.family_key or row.has_error or position in out:
            continue
        if not is_at_least(values.born, OWN_FILE_AGE, today):
            continue
        rank = 0 if values.family_head else 1 if is_at_least(values.born, ADULT_AGE, today) else 2
        if values.family_key not in best or rank < best[values.family_key][0]:
            best[values.family_key] = (rank, position)
    return {key: position for key, (_rank, position) in best.items()}


def propose(rows: Sequence[ReadRow], today: date, filed: Iterable[int] = ()) -> tuple[Proposal, ...]:
    """What is proposed for each row, in order.

    Rows with errors, literal repetitions and people who have a file are left out; who is under 16 on the day
    of import becomes a co-counselled relative of the family's head (no own file before 16); everybody else
    gets an own file.

    Args:
        filed: positions of people with a file of the same name and date of birth.
    """
    left_out = {position for position, row in enumerate(rows) if row.has_error}
    left_out |= repeated_rows(rows) | frozenset(filed)
    heads = family_heads(rows, left_out, today)
    proposals: list[Proposal] = []
    for position, row in enumerate(rows):
        head = heads.get(row.values.family_key)
        if position in left_out:
            proposals.append(Proposal(Decision.LEAVE_OUT))
        elif head is not None and not is_at_least(row.values.born, OWN_FILE_AGE, today):
            proposals.append(Proposal(Decision.RELATIVE, head))
        else:
            proposals.append(Proposal(Decision.OWN_FILE))
    return tuple(proposals)


def check_rows(rows: Sequence[ReadRow], today: date) -> tuple[CheckedRow, ...]:
    """Everything about the rows of one list that can be said without looking into any file."""
    duplicates = duplicates_in_list(rows)
    checked: list[CheckedRow] = []
    for position, (row, proposal) in enumerate(zip(rows, propose(rows, today), strict=True)):
        findings = row.findings + duplicates.get(position, ())
        alone = proposal.decision is Decision.OWN_FILE and not is_at_least(
            row.values.born, OWN_FILE_AGE, today
        )
        if alone:
            findings += (Finding(Level.HINT, FindingCode.MINOR_WITHOUT_FAMILY),)
        checked.append(CheckedRow(row, findings, proposal))
    return tuple(checked)
