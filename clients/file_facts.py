"""The facts that the pages of a file show; each is looked up once per request."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.catalogues import in_force_among
from accounts.models import StandIn
from accounts.permissions import may
from audit.actions import READ, codes_of
from audit.models import AuditEntry
from clients.choices import FactKind, GrantKind, Script
from clients.file_duplicates import LinkedFile, PossibleDuplicate, linked_files, possible_duplicates
from clients.file_permit import FilePermit
from clients.file_rows import Rows, overview_rows, page_rows
from clients.health import level_text
from clients.models import (
    AccessGrant,
    Accommodation,
    AddressProtection,
    Client,
    ClientLanguage,
    ClientName,
    ContactPoint,
    CounsellingPeriod,
    DatedFact,
    FactRevision,
    FilePolicy,
    HouseholdMember,
    PermitDecree,
    Residence,
    Responsibility,
    SafetyNote,
)
from clients.rules import clock, permits
from clients.rules.clock import ClockLevel, ClockReading, Period, read_clock
from clients.rules.dates import age_text
from clients.rules.names import display_phone
from clients.rules.phases import PhaseFacts, PhaseProposal, propose_phase
from clients.services.household import Person, people_in
from clients.services.protection import reads_address
from ui.dates import datetime_de, local_day, short_date


@dataclass(frozen=True, slots=True)
class Reader:
    """Who last opened the file."""

    name: str
    at: datetime.datetime


Planned = Callable[[Client], Iterable[tuple[datetime.datetime, datetime.datetime]]]
_PLANNED: list[Planned] = []


def register_planned(planned: Planned) -> None:
    """Say when the appointments without an outcome begin and end; called from ``contributions.py``."""
    _PLANNED.append(planned)


def next_appointment_text(client: Client, today: datetime.date) -> str:
    """The next appointment, "" when there is none; a past one is shown because its outcome is missing."""
    moment = client.next_appointment_at
    if moment is None:
        return ""
    if local_day(moment) < today:
        return _("%(moment)s, outcome open") % {"moment": datetime_de(moment)}
    return datetime_de(moment)


def phase_proposal(client: Client, periods: Iterable[CounsellingPeriod]) -> PhaseProposal | None:
    """The next phase the file's own facts speak for.

    Args:
        client: the file.
        periods: its counselling periods.
    """
    opened = sorted(period.opened_on for period in periods)
    return propose_phase(
        PhaseFacts(
            phase=client.phase,
            since=client.phase_since,
            reopened_on=opened[-1] if len(opened) > 1 else None,
            last_talk_on=client.last_contact_on,
            intensity=client.intensity,
            intensity_since=client.intensity_since,
        )
    )


class FileFacts:
    """The facts of one file for one request.

    Args:
        client: the file the view was let into.
        actor: for whom it is shown.
    """

    def __init__(self, client: Client, actor: Actor) -> None:
        self.client = client
        self.actor = actor
        self.user, self.today = actor.user, actor.today

    @cached_property
    def rows(self) -> Rows:
        """All small tables of this app in one statement."""
        return page_rows(self.client)

    # --- The header

    @cached_property
    def age(self) -> str:
        return age_text(self.client.birth, self.today)

    @property
    def languages(self) -> list[ClientLanguage]:
        return self.rows[ClientLanguage]

    @property
    def language_text(self) -> str:
        """ "Dari, Deutsch A1": what is spoken, and how much German."""
        spoken = [
            row.language.label
            for row in self.languages
            if row.language.code != "de" or self.german_level is None
        ]
        if self.german_level is not None:
            spoken.append(_("German: %(level)s") % {"level": self.german_level.value.label})
        return ", ".join(spoken)

    @property
    def script_labels(self) -> list[str]:
        """The scripts the person reads."""
        return [str(Script(code).label) for code in self.client.scripts if code in Script.values]

    @cached_property
    def contact_points(self) -> list[ContactPoint]:
        """Numbers and addresses not ended."""
        return [point for point in self.rows[ContactPoint] if point.until is None]

    @property
    def ended_points(self) -> list[ContactPoint]:
        """Numbers and addresses that were ended, the last one first."""
        ended = [point for point in self.rows[ContactPoint] if point.until is not None]
        return sorted(ended, key=lambda point: (point.until, point.pk), reverse=True)

    @property
    def phone(self) -> ContactPoint | None:
        """The number behind the call button: the first that may be used."""
        if not self.client.may_be_called:
            return None
        return next(
            (point for point in self.contact_points if point.is_phone and point.may_use and point.normalised),
            None,
        )

    @property
    def phone_text(self) -> str:
        return display_phone(self.phone.normalised) if self.phone else ""

    @property
    def first_talk_is_brought(self) -> bool:
        """Whether the counselling began before the file was taken over."""
        return self.client.brought(self.client.counselling_started_on)

    @property
    def intensity_text(self) -> str:
        return level_text(self.client.level, with_health=self.client.reads_health)

    @property
    def next_appointment_text(self) -> str:
        """The first planned one that is not over; one that is over says beside it that its outcome is open."""
        first = self.client.next_appointment_at
        if first is None or first > self.actor.now:
            return next_appointment_text(self.client, self.today) or _("none agreed")
        spans = sorted(span for planned in _PLANNED for span in planned(self.client))
        coming = next((begins for begins, ends in spans if ends > self.actor.now), None)
        text = datetime_de(coming) if coming else _("none agreed")
        if all(ends > self.actor.now for _begins, ends in spans):
            return text
        return f"{text} · " + _("%(moment)s, outcome open") % {"moment": datetime_de(first)}

    @cached_property
    def safety_note(self) -> SafetyNote | None:
        notes = self.rows[SafetyNote]
        return next((note for note in notes if note.ended_at is None and note.expires_on >= self.today), None)

    @property
    def safety_text(self) -> str:
        if self.safety_note is None:
            return ""
        return _("visit only in pairs") if self.safety_note.only_in_pairs else _("note for visits")

    # --- Clock and periods

    @cached_property
    def policy(self) -> FilePolicy | None:
        found: FilePolicy | None = in_force_among(self.rows[FilePolicy], self.today)
        return found

    @property
    def periods(self) -> list[CounsellingPeriod]:
        return self.rows[CounsellingPeriod]

    @cached_property
    def clock(self) -> ClockReading:
        return read_clock(
            self.client.counselling_started_on,
            [Period(period.opened_on, period.closed_on) for period in self.periods],
            self.today,
            justified=bool(self.client.clock_justification),
            policy=self.policy.clock if self.policy else clock.DEFAULT_POLICY,
        )

    @property
    def clock_marks(self) -> str:
        """The months at which the ruler has a mark."""
        thresholds = self.policy.clock if self.policy else clock.DEFAULT_POLICY
        return ",".join(str(month) for month in (*thresholds.warnings, self.clock.out_of))

    @property
    def clock_runs(self) -> bool:
        return self.clock.level is not ClockLevel.NOT_STARTED

    @property
    def clock_is_past(self) -> bool:
        return self.clock.level in (ClockLevel.PAST_LIMIT, ClockLevel.PAST_HARD_LIMIT)

    @property
    def clock_is_warned(self) -> bool:
        return self.clock.level is ClockLevel.WARNED

    @property
    def ruler_month(self) -> int:
        """The month on the ruler: past its end it stands on the last tick."""
        return min(self.clock.month, self.clock.out_of)

    @cached_property
    def phase_proposal(self) -> PhaseProposal | None:
        """The next phase, for a user who may set it."""
        as_stand_in = self.client.manager_id != self.user.pk
        if not may(self.user, "client.phase", as_stand_in=as_stand_in):
            return None
        return phase_proposal(self.client, self.periods)

    # --- Dated facts

    @property
    def all_facts(self) -> list[DatedFact]:
        return self.rows[DatedFact]

    @property
    def current_facts(self) -> list[DatedFact]:
        """What holds today, German level first."""
        order = list(FactKind.values)
        current = [fact for fact in self.all_facts if fact.holds_on(self.today)]
        return sorted(current, key=lambda fact: (order.index(fact.kind), fact.since, fact.pk))

    @property
    def planned_facts(self) -> list[DatedFact]:
        """What begins later, the next one first."""
        ahead = [fact for fact in self.all_facts if fact.since > self.today]
        return sorted(ahead, key=lambda fact: (fact.since, fact.pk))

    @property
    def revisions(self) -> list[FactRevision]:
        """What entries said before they were corrected, the last one first."""
        return self.rows[FactRevision]

    @property
    def german_level(self) -> DatedFact | None:
        return next((fact for fact in self.current_facts if fact.kind == FactKind.GERMAN_LEVEL), None)

    @property
    def accommodations(self) -> list[Accommodation]:
        return self.rows[Accommodation]

    @property
    def accommodation(self) -> Accommodation | None:
        """Where the person lives today."""
        return next(
            (
                home
                for home in self.accommodations
                if home.since <= self.today and (home.until is None or home.until >= self.today)
            ),
            None,
        )

    @property
    def protection(self) -> AddressProtection | None:
        """Why the address is protected, None while it is not."""
        return next((row for row in self.rows[AddressProtection] if row.ended_at is None), None)

    @cached_property
    def reads_address(self) -> bool:
        """Whether the reader may read the address: a stand-in reads a protected one after a reason only."""
        return self.protection is None or reads_address(self.user, self.client, self.actor.now)

    @property
    def homes(self) -> list[tuple[Accommodation, list[str]]]:
        """Every accommodation with its address, for the one page that shows a protected one."""
        return [
            (home, home.unprotected_lines if self.reads_address else home.address_lines)
            for home in self.accommodations
        ]

    @cached_property
    def address_readers(self) -> list[AccessGrant]:
        """Which stand-ins asked for the protected address, and why, the last one first."""
        if self.protection is None:
            return []
        rows = AccessGrant.objects.visible_to(self.user).of(self.client).filter(kind=GrantKind.ADDRESS)
        return list(rows.select_related("user")[:10])

    @cached_property
    def permit(self) -> FilePermit:
        """The residence documents."""
        policy = self.policy.permits if self.policy else permits.DEFAULT_POLICY
        return FilePermit(self.rows[Residence], self.rows[PermitDecree], policy, self.today)

    # --- People

    @cached_property
    def spellings(self) -> list[ClientName]:
        rows = ClientName.objects.visible_to(self.user).of(self.client)
        return list(rows.filter(is_main=False).order_by("folded", "pk"))

    @cached_property
    def possible_duplicates(self) -> list[PossibleDuplicate]:
        """Files that may be the same person, and those it was told apart from."""
        phone = next((point.normalised for point in self.contact_points if point.is_phone), "")
        return possible_duplicates(self.actor, self.client, phone)

    @cached_property
    def links(self) -> list[LinkedFile]:
        """The files that are linked with this one, as the user may know."""
        return linked_files(self.actor, self.client)

    @property
    def led_by(self) -> Client | None:
        """Where the counselling goes on, in a file that is kept twice."""
        links = self.links if self.client.is_closed else []
        return next((link.client for link in links if link.leads), None)

    @cached_property
    def household(self) -> list[Person]:
        """Who lives there; as long as the address is hidden, so is everybody whose file would tell it."""
        if not self.reads_address or not self.rows[HouseholdMember]:
            return []
        return people_in(self.client, user=self.user, today=self.today)

    @property
    def responsibility(self) -> Responsibility | None:
        return next((row for row in self.rows[Responsibility] if row.until is None), None)

    @property
    def was_taken_today(self) -> bool:
        """Whether the reader took the file today, so that she may still put it back."""
        row = self.responsibility
        is_hers = row is not None and row.is_taking and row.manager_id == self.user.pk
        return row is not None and is_hers and local_day(row.since) == self.today

    @cached_property
    def stand_ins(self) -> list[StandIn]:
        """Who stands in for the responsible manager, now and soon; known to everybody who sees the file."""
        rows = overview_rows(self.client)[StandIn]
        return sorted((row for row in rows if not row.is_over_on(self.today)), key=lambda row: row.since)

    def all_stand_ins(self) -> list[StandIn]:
        """Everybody who could or can open the file as a stand-in of the present manager, the latest first."""
        if self.client.manager_id is None or self.responsibility is None:
            return []
        begun = timezone.localdate(self.responsibility.since)
        rows = StandIn.objects.unscoped(reason="a user who sees the file sees who could open it").filter(
            absent=self.client.manager_id, since__lte=self.today, until__gte=begun
        )
        return [
            row
            for row in rows.select_related("substitute").order_by("-since", "-pk")
            if row.is_emergency or row.days.last >= max(row.since, begun)
        ]

    @property
    def stand_in_text(self) -> str:
        parts = [
            _("%(name)s until %(date)s")
            % {"name": str(row.substitute), "date": short_date(row.until, self.today)}
            if row.since <= self.today
            else _("%(name)s from %(since)s to %(date)s")
            % {
                "name": str(row.substitute),
                "since": short_date(row.since, self.today),
                "date": short_date(row.until, self.today),
            }
            for row in self.stand_ins
        ]
        return ", ".join(parts) or _("none entered")

    @cached_property
    def last_reader(self) -> Reader | None:
        """Who opened the file last, oneself left out."""
        entry = (
            AuditEntry.objects.about(self.client.subject_ref)
            .filter(action__in=codes_of(READ), actor__isnull=False)
            .exclude(actor=self.user)
            .select_related("actor")
            .first()
        )
        return Reader(str(entry.actor), entry.at) if entry and entry.actor else None
