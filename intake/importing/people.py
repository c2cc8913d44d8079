"""One person as a list says it, in codes and dates, and what there is to say about the row."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date

from clients.rules.dates import UncertainDate
from clients.rules.duplicates import PersonTraits
from intake.importing.findings import Finding, Level
from intake.importing.houses import HouseBook, KnownHouse


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
    house: KnownHouse | None = None
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
    manager: str = ""
    counselled_since: date | None = None
    intensity: str = ""
    last_talk: date | None = None
    next_review: date | None = None

    @property
    def is_running(self) -> bool:
        """Whether the list says that somebody counsels this person already."""
        return bool(
            self.manager or self.counselled_since or self.intensity or self.last_talk or self.next_review
        )

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
class KnownCodes:
    """The codes of the value lists in lower case; what they lack is not taken over.

    ``sources`` gives the code for every way a source may be written, in the form of ``values.plain``; ``managers`` the
    user name for every way the name of a manager of the municipality may be written, in the form of ``name_key``;
    ``houses`` are those of the municipality.
    """

    countries: frozenset[str]
    languages: frozenset[str]
    sources: Mapping[str, str] = dataclass_field(default_factory=dict)
    managers: Mapping[str, str] = dataclass_field(default_factory=dict)
    houses: HouseBook = dataclass_field(default_factory=HouseBook)
