"""Read one row of a list cell by cell.

Pure: cells in, values and findings out, ``today`` passed in. Errors keep a row from being imported; hints and
warnings never do.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from clients.rules.dates import (
    BirthDoubt,
    DateFault,
    DateInputError,
    Precision,
    UncertainDate,
    birth_doubts,
    certainly_before,
)
from intake.importing.countries import read_nationality
from intake.importing.date_values import DateReading, parse
from intake.importing.findings import Finding, FindingCode, Level
from intake.importing.headers import AHEAD_FIELDS, DATE_FIELDS, TargetField
from intake.importing.houses import PRIVATE_WORDS, HouseBook, KnownHouse
from intake.importing.people import KnownCodes, PersonValues, ReadRow
from intake.importing.permits import read_permit
from intake.importing.values import (
    name_key,
    plain,
    read_email,
    read_gender,
    read_intensity,
    read_languages,
    read_phones,
    read_residence_status,
    read_yes,
)

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
_LOST_LETTER = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])|\?{2,}")
_PLACE = re.compile(r"(?:^|,\s*|\s)(?:D-?\s?)?(\d{5})\s+([^\d,]+)$")
# What stands in a cell where there is nothing to say.
_NOTHING = frozenset({"k a", "o a", "n a", "n b", "keine angabe", "keine angaben", "ohne angabe"})
_SAYING_SO_IS_AN_ANSWER = DATE_FIELDS | {
    TargetField.GENDER,
    TargetField.FAMILY_HEAD,
    TargetField.NATIONALITY,
}
# A cell with more words that are not understood is quoted as a whole.
MOST_WORDS_QUOTED = 5
FORMULA_STARTS = ("=", "+", "-", "@")

_DATE_FAULTS = {
    DateFault.NO_SUCH_DAY: FindingCode.NO_SUCH_DAY,
    DateFault.UNREADABLE: FindingCode.DATE_UNREADABLE,
    DateFault.SHORT_YEAR: FindingCode.SHORT_YEAR,
    DateFault.OUT_OF_RANGE: FindingCode.DATE_OUT_OF_RANGE,
}


class _RowReader:
    """Collects the findings while the cells of one row are read."""

    def __init__(
        self,
        cells: Mapping[TargetField, Sequence[str]],
        mapped: frozenset[TargetField],
        today: date,
        known: KnownCodes | None,
        readings: Mapping[TargetField, str],
    ) -> None:
        self.cells = cells
        self.readings = readings
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
            found = parse(
                text,
                self.readings.get(field, DateReading.STRICT),
                today=self.today,
                ahead=field in AHEAD_FIELDS,
            )
        except DateInputError as error:
            self.note(Level.ERROR, _DATE_FAULTS[error.fault], field, value=text)
            return None
        if found is None:
            self.note(Level.HINT, FindingCode.DATE_NOT_KNOWN, field, value=text)
        return found

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

    def not_understood(self, field: TargetField, words: Sequence[str], cell: str) -> None:
        for word in words if len(words) <= MOST_WORDS_QUOTED else (cell,):
            self.note(Level.HINT, FindingCode.NOT_UNDERSTOOD, field, value=word)

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
            if _LOST_LETTER.search(name):
                self.note(Level.WARNING, FindingCode.LETTER_LOST, field, value=name)
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
        status = read_permit(text, self.today).status
        if not status:
            return ""
        return self.coded(TargetField.RESIDENCE_STATUS, read_residence_status(status))

    def residence_until(self) -> date | None:
        """The last day of the permit: its own column, else what the status says beside its name."""
        if self.text(TargetField.RESIDENCE_UNTIL):
            return self.exact_date(TargetField.RESIDENCE_UNTIL)
        permit = read_permit(self.text(TargetField.RESIDENCE_STATUS), self.today)
        if permit.unclear:
            self.note(Level.HINT, FindingCode.DAY_NEEDED, TargetField.RESIDENCE_UNTIL, value=permit.unclear)
        return permit.until

    def address(self) -> tuple[str, str, str]:
        """Street, postcode and town, also where they stand together in one column."""
        street, postcode, town = map(self.text, (TargetField.STREET, TargetField.POSTCODE, TargetField.TOWN))
        for text in filter(None, (town, street)):
            together = _PLACE.search(text)
            if together is None or (postcode and postcode != together[1]) or (text == street and town):
                continue
            rest = text[: together.start()].strip(" ,")
            street, postcode, town = street if text == town else rest, together[1], together[2].strip()
            break
        return street, postcode, town

    def house(self, street: str, postcode: str, town: str) -> KnownHouse | None:
        """The house of the municipality the person lives in."""
        text = self.text(TargetField.ACCOMMODATION)
        houses = self.known.houses if self.known is not None else HouseBook()
        if not houses or not (text or street):
            return None
        found = houses.find(text, street, postcode, town)
        if found is None and text and plain(text) not in PRIVATE_WORDS:
            self.note(Level.HINT, FindingCode.HOUSE_UNKNOWN, TargetField.ACCOMMODATION, value=text)
        elif found is not None and found.is_partly:
            value = text or street
            self.note(Level.HINT, FindingCode.HOUSE_PARTLY, value=value, house=found.house.name)
        return found.house if found is not None else None

    def past_day(self, field: TargetField) -> date | None:
        """A day that has been; one still to come is no fact yet."""
        found = self.exact_date(field)
        if found is not None and found > self.today:
            self.note(Level.ERROR, FindingCode.NOT_YET, field, value=self.text(field))
            return None
        return found

    def talks(self) -> tuple[date | None, date | None]:
        """The first and the last talk of a running case."""
        first = self.past_day(TargetField.COUNSELLED_SINCE)
        last = self.past_day(TargetField.LAST_TALK)
        if first is not None and last is not None and last < first:
            self.note(Level.ERROR, FindingCode.TALKS_SWAPPED, TargetField.LAST_TALK)
        return first, last

    def manager(self) -> str:
        """The user name of the manager a list names."""
        text = self.text(TargetField.MANAGER)
        if not text or self.known is None:
            return text
        found = self.known.managers.get(name_key(text))
        if found is None:
            self.note(Level.WARNING, FindingCode.MANAGER_UNKNOWN, TargetField.MANAGER, value=text)
        return found or ""

    def languages(self) -> tuple[str, ...]:
        codes: dict[str, None] = {}
        for cell in self.cells.get(TargetField.LANGUAGES, ()):
            read, unknown = read_languages(cell)
            listed = [code for code in read if self.known is None or code in self.known.languages]
            codes.update(dict.fromkeys(listed))
            self.not_understood(TargetField.LANGUAGES, unknown if len(listed) == len(read) else (cell,), cell)
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
            self.not_understood(TargetField.PHONE, unknown, cell)
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


def _says_nothing(field: TargetField, cell: str) -> bool:
    """A dash or the like, or that the list does not say, where that is no answer itself."""
    if field in _SAYING_SO_IS_AN_ANSWER:
        return False
    return plain(cell) in _NOTHING or not ("?" in cell or any(map(str.isalnum, cell)))


def read_row(
    cells: Sequence[str],
    mapping: Sequence[TargetField],
    line: int,
    today: date,
    known: KnownCodes | None = None,
    readings: Sequence[str] = (),
) -> ReadRow:
    """Read one row by its mapping.

    Args:
        cells: as wide as the mapping.
        line: where the row stands in the file.
        today: the day of the import, for dates in the future.
        known: codes of the value lists; None accepts every code the reader knows.
        readings: how the dates of each column are read; without them only what is certain.
    """
    by_field: defaultdict[TargetField, list[str]] = defaultdict(list)
    for field, cell in zip(mapping, cells, strict=True):
        if field is not TargetField.IGNORE and cell and not _says_nothing(field, cell):
            by_field[field].append(cell)
    reader = _RowReader(
        by_field, frozenset(mapping), today, known, dict(zip(mapping, readings, strict=False))
    )
    reader.lengths()
    surname, given_name = reader.names()
    born = reader.birth()
    assigned_on = reader.exact_date(TargetField.ASSIGNED_ON)
    counselled_since, last_talk = reader.talks()
    street, postcode, town = reader.address()
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
        house=reader.house(street, postcode, town),
        street=street,
        postcode=postcode,
        town=town,
        residence_status=reader.residence_status(),
        residence_until=reader.residence_until(),
        phones=reader.phones(),
        emails=reader.emails(),
        languages=reader.languages(),
        source=reader.source(),
        external_number=reader.text(TargetField.EXTERNAL_NUMBER),
        running_number=reader.text(TargetField.RUNNING_NUMBER),
        manager=reader.manager(),
        counselled_since=counselled_since,
        intensity=reader.coded(TargetField.INTENSITY, read_intensity(reader.text(TargetField.INTENSITY))),
        last_talk=last_talk,
        next_review=reader.exact_date(TargetField.NEXT_REVIEW),
    )
    return ReadRow(line, values, tuple(reader.findings))
