"""The columns of the client list: what a manager can choose, on the page and in a file alike."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.catalogues import valid_among
from accounts.file_loader import WHOLE, Part, Wanted, load_together
from clients.choices import Gender, Phase, Precision
from clients.file_facts import next_appointment_text
from clients.health import level_text
from clients.models import Client, ClientLanguage, Country, PermitDecree, Residence, SpokenLanguage
from clients.rules.dates import age_text
from clients.rules.permits import end_of
from ui.dates import date_de
from ui.rows import cell
from ui.spreadsheets import Value

NOBODY = 0


class Around:
    """What some rows of the list show besides the columns of the files themselves, read in one statement."""

    def __init__(self, clients: Iterable[Client], columns: "Sequence[Column]", today: datetime.date) -> None:
        self.today = today
        self.phases = {phase.value: str(phase.label) for phase in Phase}
        self.taken_over = _("taken over")
        self.level_text = cache(_level_text)
        wanted = dict.fromkeys(part for column in columns for part in column.parts)
        # Also a list that is empty can be filtered by language.
        keys = [client.pk for client in clients] or [NOBODY]
        self._found = load_together(keys, *dict.fromkeys((*LANGUAGES, *wanted)))
        labels = {row.pk: row.label for row in self._found[SpokenLanguage]}
        self._spoken: dict[int, list[str]] = {}
        for row in self._found[ClientLanguage]:
            self._spoken.setdefault(row.client_id, []).append(labels[row.language_id])

    def languages_of(self, client: Client) -> str:
        return ", ".join(self._spoken.get(client.pk, ()))

    def languages_in_use(self) -> list[SpokenLanguage]:
        """The languages one can filter by."""
        return valid_among(self._found[SpokenLanguage], self.today)

    def phase_of(self, client: Client) -> str:
        phase = self.phases[client.phase]
        return f"{phase} · {self.taken_over}" if client.taken_over_on else phase

    def day_of(self, client: Client, day: datetime.date | None) -> str:
        """A day of the counselling, marked where it was taken over with the running case."""
        if day is None:
            return ""
        return f"{date_de(day)} ({self.taken_over})" if client.brought(day) else date_de(day)

    def country_of(self, client: Client) -> str:
        return self._countries.get(client.nationality_id or 0, "")

    def permit_end_of(self, client: Client) -> datetime.date | None:
        return self._permits.get(client.pk)

    @cached_property
    def _countries(self) -> dict[int, str]:
        return {row.pk: row.label for row in self._found[Country]}

    @cached_property
    def _permits(self) -> dict[int, datetime.date | None]:
        ends: dict[int, datetime.date | None] = {}
        decrees = [row for row in self._found[PermitDecree] if row.withdrawn_at is None]
        # The newest stands first.
        for row in self._found[Residence]:
            if row.holds_on(self.today):
                end = end_of(row, decrees)
                ends.setdefault(row.client_id, end.day if end else None)
        return ends


LANGUAGES: tuple[Wanted, ...] = (ClientLanguage, Part(SpokenLanguage, WHOLE))


@dataclass(frozen=True, eq=False)
class Column:
    """A column of the list.

    Attributes:
        code: what the user's choice is stored by.
        label: its heading.
        value: what a file holds: a text, a number, a day or an instant.
        text: how the page writes it, where that is not the value itself.
        fields: columns of the file that it reads.
        parts: further tables it reads.
        is_named: a card of the phone says its heading.
        empty: what stands there when there is nothing.
    """

    code: str
    label: str | Promise
    value: Callable[[Client, Around], Value]
    text: Callable[[Client, Around], str] | None = None
    fields: tuple[str, ...] = ()
    parts: tuple[Wanted, ...] = field(default=())
    is_named: bool = True
    empty: str | Promise = "–"

    def cells(self, around: Around) -> Callable[[Client], str]:
        """Writes its cell of a row; what all cells say alike is translated once."""
        read = self.text or self.value
        label, empty = str(self.label) if self.is_named else "", str(self.empty)

        def written(client: Client) -> str:
            shown = read(client, around)
            return cell(date_de(shown) if isinstance(shown, datetime.date) else shown, label, empty)

        return written


def _level_text(level: str, reads_health: bool) -> str:
    """The intensity as the user may read it, "" while there is none."""
    return level_text(level, with_health=reads_health) if level or not reads_health else ""


def _born(client: Client) -> str:
    return str(client.birth or "")


def _moment(client: Client, around: Around) -> Value:
    moment = client.next_appointment_at
    return timezone.make_naive(moment) if moment else None


COLUMNS = {
    column.code: column
    for column in (
        Column(
            "languages",
            gettext_lazy("Languages"),
            lambda client, around: around.languages_of(client),
            is_named=False,
        ),
        Column(
            "phase",
            gettext_lazy("Phase"),
            lambda client, around: around.phase_of(client),
            is_named=False,
        ),
        Column(
            "intensity",
            gettext_lazy("Intensity"),
            lambda client, around: around.level_text(client.level, client.reads_health),
            is_named=False,
            empty=gettext_lazy("not yet assessed"),
        ),
        Column(
            "last_talk",
            gettext_lazy("Last talk"),
            lambda client, around: client.last_contact_on,
            lambda client, around: around.day_of(client, client.last_contact_on),
        ),
        Column(
            "next_appointment",
            gettext_lazy("Next appointment"),
            _moment,
            lambda client, around: next_appointment_text(client, around.today),
        ),
        Column("next_due", gettext_lazy("Due next"), lambda client, around: client.next_due_on),
        Column(
            "next_review",
            gettext_lazy("Next review"),
            # It follows from the level, which may come from a protected module.
            lambda client, around: client.next_review_on if client.reads_health else None,
            fields=("next_review_on",),
        ),
        Column(
            "birth_date",
            gettext_lazy("Date of birth"),
            lambda client, around: (
                client.birth_date if client.birth_precision == Precision.DAY else _born(client)
            ),
            lambda client, around: _born(client),
        ),
        Column(
            "gender",
            gettext_lazy("Gender"),
            lambda client, around: str(Gender(client.gender).label) if client.gender else "",
            fields=("gender",),
        ),
        Column(
            "nationality",
            gettext_lazy("Nationality"),
            lambda client, around: around.country_of(client),
            fields=("nationality",),
            parts=(Part(Country, WHOLE),),
        ),
        Column(
            "interpreter",
            gettext_lazy("Interpreter"),
            lambda client, around: _("needed") if client.interpreter_needed else "",
            fields=("interpreter_needed",),
        ),
        Column(
            "started",
            gettext_lazy("Counselled since"),
            lambda client, around: client.counselling_started_on,
            lambda client, around: around.day_of(client, client.counselling_started_on),
            fields=("counselling_started_on",),
        ),
        Column(
            "assigned",
            gettext_lazy("Allocated on"),
            lambda client, around: client.assigned_on,
            fields=("assigned_on",),
        ),
        Column(
            "permit",
            gettext_lazy("Permit until"),
            lambda client, around: around.permit_end_of(client),
            parts=(Residence, Part(PermitDecree, WHOLE)),
        ),
    )
}
USUAL = ("languages", "phase", "intensity", "last_talk", "next_appointment")


def chosen_codes(stored: str) -> list[str]:
    """The columns a user has chosen, in the order of the list; those of a fresh account, if none."""
    wanted = set(stored.split(",")) & COLUMNS.keys() or set(USUAL)
    return [code for code in COLUMNS if code in wanted]


def columns_for(actor: Actor, order: str) -> list[Column]:
    """What the list of a user shows.

    Args:
        actor: for whom.
        order: code of the order; one by what is due shows what it sorts by.
    """
    codes = chosen_codes(actor.user.list_columns)
    if order == "due" and "next_due" not in codes:
        codes = [code for code in codes if code != "next_appointment"] + ["next_due"]
    columns = [COLUMNS[code] for code in codes]
    return [*columns, _standing_in(actor)] if actor.scope.stands_in_for else columns


def _standing_in(actor: Actor) -> Column:
    """Names the absent manager, in her files only."""
    absent = {stand_in.absent_id: str(stand_in.absent) for stand_in in actor.scope.stand_ins}
    return Column(
        "stand_in",
        gettext_lazy("Stand-in for"),
        lambda client, around: absent.get(client.manager_id, ""),
    )


def facts_below_name(client: Client, today: datetime.date) -> tuple[str, str]:
    """What stands below every name."""
    return client.case_no, age_text(client.birth, today)
