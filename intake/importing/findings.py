"""What there is to say about a row: a code with its values, which becomes a sentence only on the screen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clients.choices import DuplicateReason
from clients.rules.duplicates import likelihood
from intake.importing.headers import TargetField
from ui.parts import cell_text, filled

# How a suspect is written down on a row: "row:7", "file:<uuid>".
ROW, FILE = "row:", "file:"


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    DUPLICATE = "duplicate"
    HINT = "hint"


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
    DATE_NOT_KNOWN = "date_not_known"
    LETTER_LOST = "letter_lost"
    NOT_YET = "not_yet"
    TALKS_SWAPPED = "talks_swapped"
    MANAGER_UNKNOWN = "manager_unknown"
    HOUSE_UNKNOWN = "house_unknown"
    HOUSE_PARTLY = "house_partly"
    GERMAN_NATIONALITY = "german_nationality"
    NO_RESIDENCE_STATUS = "no_residence_status"
    NOT_UNDERSTOOD = "not_understood"
    STARTS_LIKE_FORMULA = "starts_like_formula"
    MINOR_WITHOUT_FAMILY = "minor_without_family"
    TOO_MANY_ALIKE = "too_many_alike"
    DUPLICATE_IN_LIST = "duplicate_in_list"
    DUPLICATE_FILE = "duplicate_file"
    DUPLICATE_FILED = "duplicate_filed"
    DUPLICATE_INBOX = "duplicate_inbox"
    DUPLICATE_COLLEAGUE = "duplicate_colleague"
    NOT_ASKED = "not_asked"


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
    FindingCode.DATE_NOT_KNOWN: _("%(column)s: the list says “%(value)s”, so it stays empty."),
    FindingCode.LETTER_LOST: _("%(column)s: a letter of “%(value)s” was lost before this file was made."),
    FindingCode.NOT_YET: _("%(column)s: %(value)s lies in the future."),
    FindingCode.TALKS_SWAPPED: _("The last talk lies before the beginning of the counselling."),
    FindingCode.MANAGER_UNKNOWN: _(
        "No manager of this municipality is called “%(value)s”: the file will wait in the inbox."
    ),
    FindingCode.HOUSE_UNKNOWN: _(
        "“%(value)s” is no accommodation of the municipality: it is kept as the list writes it."
    ),
    FindingCode.HOUSE_PARTLY: _(
        "“%(value)s” is taken for the accommodation “%(house)s”; what else it says is not taken over."
    ),
    FindingCode.GERMAN_NATIONALITY: _("German nationality: is the person on this list by mistake?"),
    FindingCode.NO_RESIDENCE_STATUS: _(
        "No residence status is given: is the person on this list by mistake?"
    ),
    FindingCode.NOT_UNDERSTOOD: _("%(column)s: “%(value)s” was not understood and is not taken over."),
    FindingCode.STARTS_LIKE_FORMULA: _("%(column)s: looks like a formula and is kept as plain text."),
    FindingCode.MINOR_WITHOUT_FAMILY: _(
        "Under 16, but no adult of the same family is on the list: own file."
    ),
    FindingCode.TOO_MANY_ALIKE: _(
        "Very many people have a similar name and date of birth; not all of them are named here. Please check "
        "for yourself whether this person occurs more than once."
    ),
    FindingCode.DUPLICATE_IN_LIST: _("Perhaps the same person as row %(row)s: %(reasons)s."),
    FindingCode.DUPLICATE_FILE: _("Perhaps the same person as %(case_number)s in your files: %(reasons)s."),
    FindingCode.DUPLICATE_FILED: _("Perhaps the same person as in one of your files: %(reasons)s."),
    FindingCode.DUPLICATE_INBOX: _("Perhaps the same person as an entry in the inbox: %(reasons)s."),
    FindingCode.DUPLICATE_COLLEAGUE: _("There is a file with this name and date of birth: %(manager)s."),
    FindingCode.NOT_ASKED: _("Whether a colleague has a file was not looked for. %(pause)s"),
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
        return str(_SENTENCES[self.code]) % self._values

    @property
    def shown(self) -> SafeString:
        """The message for a page: Sichtschutz hides what the cell says."""
        values = self._values
        if "value" in values:
            values["value"] = cell_text(values["value"])
        return filled(_SENTENCES[self.code], values)

    @property
    def _values(self) -> dict[str, str]:
        values: dict[str, str] = dict(self.values)
        if self.field is not None:
            values["column"] = str(self.field.label)
        if "born" in values and self.code is FindingCode.DUPLICATE_FILE:
            born = gettext("born %(date)s") % {"date": values["born"]}
            values["case_number"] = f"{values['case_number']} ({born})"
        if "reasons" in values:
            reasons = (DuplicateReason(reason) for reason in values["reasons"].split())
            values["reasons"] = ", ".join(str(reason.label) for reason in reasons)
            if "score" in values:
                values["reasons"] += f" ({likelihood(int(values['score']))})"
        return values

    @property
    def lasting(self) -> "Finding":
        """The same as it may be read weeks later: a file of then may not be hers any more, and is not named."""
        return (
            replace(self, code=FindingCode.DUPLICATE_FILED)
            if self.code is FindingCode.DUPLICATE_FILE
            else self
        )

    @property
    def suspect(self) -> str:
        """Who is suspected: another row, a file by its public key, or just that there is one; "" for nobody."""
        if self.level is not Level.DUPLICATE:
            return ""
        for name, kind in (("position", ROW), ("client", FILE)):
            if name in self.values:
                return f"{kind}{self.values[name]}"
        return self.code.value

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
