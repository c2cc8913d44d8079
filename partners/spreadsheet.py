"""Organisations and their offers as a list: written as CSV, and read back from it (rules.md §14)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Municipality
from clients.models import SpokenLanguage, Topic
from intake.importing.tables import UnreadableTable
from intake.importing.text_files import decode
from partners.models import Offer, Organisation, PartnerKind
from ui.form_fields import DATE_FORMATS
from ui.spreadsheets import FORMULA, Value

ORGANISATION_COLUMNS = {
    "kind": gettext_lazy("Kind of partner"),
    "name": gettext_lazy("Name"),
    "municipality": gettext_lazy("Municipality"),
    "street": gettext_lazy("Street and number"),
    "postcode": gettext_lazy("Postcode"),
    "town": gettext_lazy("Town"),
    "quarter": gettext_lazy("Part of town"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "website": gettext_lazy("Website"),
    "hours": gettext_lazy("Opening hours"),
    "note": gettext_lazy("Note"),
}
OFFER_COLUMNS = {
    "title": gettext_lazy("Offer"),
    "topic": gettext_lazy("Need"),
    "languages": gettext_lazy("Languages"),
    "open_to": gettext_lazy("Open to people from"),
    "offer_quarter": gettext_lazy("Part of town of the offer"),
    "schedule": gettext_lazy("When it takes place"),
    "capacity": pgettext_lazy("offer", "Places"),
    "valid_until": gettext_lazy("Offered until"),
}
COLUMNS = {**ORGANISATION_COLUMNS, **OFFER_COLUMNS}
LISTS = {"kind": PartnerKind, "municipality": Municipality, "topic": Topic, "open_to": Municipality}
MOST_LINES = 2000
MOST_SAID = 10


def header() -> list[str]:
    """The labels of the columns."""
    return [str(label) for label in COLUMNS.values()]


def rows(organisations: QuerySet[Organisation]) -> Iterator[list[Value]]:
    """A row for each offer, and one for an organisation without any."""
    joined = organisations.select_related("kind", "municipality")
    offers = ("offers__topic", "offers__municipality", "offers__languages")
    for organisation in joined.prefetch_related(*offers).iterator(chunk_size=500):
        own: list[Value] = [_text(getattr(organisation, name)) for name in ORGANISATION_COLUMNS]
        offered = [_offer_cells(offer) for offer in organisation.offers.all()]
        for cells in offered or [[""] * len(OFFER_COLUMNS)]:
            yield [*own, *cells]


def _offer_cells(offer: Offer) -> list[Value]:
    return [
        offer.title,
        _text(offer.topic),
        ", ".join(str(language) for language in offer.languages.all()),
        _text(offer.municipality),
        offer.quarter,
        offer.schedule,
        _text(offer.capacity),
        offer.valid_until,
    ]


def _text(value: object) -> str:
    return "" if value is None else str(value)


@dataclass
class Line:
    """A row of the list, checked.

    Attributes:
        number: of the line in the file.
        organisation: values by field; what the list leaves empty is absent.
        offer: the same of the offer; empty without one.
        languages: the offer's.
    """

    number: int
    organisation: dict[str, Any] = field(default_factory=dict)
    offer: dict[str, Any] = field(default_factory=dict)
    languages: list[SpokenLanguage] = field(default_factory=list)


def read(data: bytes) -> list[Line]:
    """The rows of a list as this module writes it; columns may be missing or stand in another order.

    Raises:
        ValidationError: it is no such list, or lines are wrong; each is named with its number.
    """
    cells = _cells(data)
    if not cells:
        raise ValidationError(_("There is no row in this file."))
    by_label = {str(label).casefold(): name for name, label in COLUMNS.items()}
    names = [by_label.get(label.strip().casefold(), "") for label in cells[0]]
    if missing := [str(COLUMNS[name]) for name in ("kind", "name") if name not in names]:
        raise ValidationError(_("These columns are missing: %(columns)s.") % {"columns": ", ".join(missing)})
    unknown = [label for label, name in zip(cells[0], names, strict=True) if label.strip() and not name]
    if unknown:
        raise ValidationError(
            _("These columns are not known: %(columns)s.") % {"columns": ", ".join(unknown)}
        )
    if len(cells) > MOST_LINES:
        raise ValidationError(_("At most %(number)s rows fit into one list.") % {"number": MOST_LINES})
    reader = _Reader()
    found = [
        reader.line(number, dict(zip(names, row, strict=False)))
        for number, row in enumerate(cells[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
    if reader.faults:
        more = len(reader.faults) - MOST_SAID
        further = [_("and %(number)s further lines") % {"number": more}] if more > 0 else []
        raise ValidationError([*reader.faults[:MOST_SAID], *further])
    return found


def _cells(data: bytes) -> list[list[str]]:
    try:
        text, _encoding = decode(data)
    except UnreadableTable as unreadable:
        raise ValidationError(str(unreadable)) from unreadable
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    try:
        return [
            [_unguarded(cell) for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        ]
    except csv.Error as broken:
        raise ValidationError(_("The file cannot be read as a list. Please save it as CSV.")) from broken


def _unguarded(cell: str) -> str:
    """Without the apostrophe that keeps a text from becoming a formula."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


class _Reader:
    """Turns cells into values and keeps what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._known = {name: self._by_label(model) for name, model in LISTS.items()}
        self._languages = self._by_label(SpokenLanguage)

    def _by_label(self, model: type[Model]) -> dict[str, Any]:
        return {str(row).casefold(): row for row in model._default_manager.all()}

    def line(self, number: int, cells: dict[str, str]) -> Line:
        found = Line(number)
        try:
            for name in COLUMNS:
                text = cells.get(name, "").strip()
                if text:
                    self._set(found, name, text)
            self._check(found)
        except ValidationError as wrong:
            said = " ".join(wrong.messages)
            self.faults.append(_("Line %(number)s: %(fault)s") % {"number": number, "fault": said})
        return found

    def _set(self, line: Line, name: str, text: str) -> None:
        if name == "languages":
            line.languages = [self._language(part.strip()) for part in text.split(",") if part.strip()]
            return
        value = self._value(name, text)
        if name in ORGANISATION_COLUMNS:
            line.organisation[name] = value
        else:
            line.offer[{"open_to": "municipality", "offer_quarter": "quarter"}.get(name, name)] = value

    def _value(self, name: str, text: str) -> Any:
        read: Callable[[str], Any] | None = {"capacity": _number, "valid_until": _day}.get(name)
        if read is not None:
            return read(text)
        if name in LISTS:
            return self._row(self._known[name], str(COLUMNS[name]), text)
        return text

    def _language(self, text: str) -> SpokenLanguage:
        row: SpokenLanguage = self._row(self._languages, _("Languages"), text)
        return row

    @staticmethod
    def _row(known: dict[str, Any], label: str, text: str) -> Any:
        row = known.get(text.casefold())
        if row is None:
            words = {"column": label, "text": text}
            raise ValidationError(_("“%(text)s” is not known in the column “%(column)s”.") % words)
        return row

    @staticmethod
    def _check(line: Line) -> None:
        for name in ("kind", "name"):
            if name not in line.organisation:
                words = {"column": COLUMNS[name]}
                raise ValidationError(_("The column “%(column)s” is empty.") % words)
        if (line.offer or line.languages) and "title" not in line.offer:
            raise ValidationError(_("The offer has no name."))
        Organisation(**line.organisation).clean_fields()
        if line.offer:
            Offer(**line.offer).clean_fields(exclude=["organisation"])


def _number(text: str) -> int:
    if not text.isdecimal():
        raise ValidationError(_("“%(text)s” is no whole number.") % {"text": text})
    return int(text)


def _day(text: str) -> Any:
    return forms.DateField(input_formats=DATE_FORMATS).clean(text)
