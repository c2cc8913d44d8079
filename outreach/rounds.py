"""The round of a day: where to go, who lives there, what must be known, and what came of it.

One stop is one address. A round is put together when it is asked for: announced visits, appointments at home, and what
was taken along by hand. The number of statements does not grow with it.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from accounts.models import User
from appointments.choices import Channel
from appointments.models import Appointment, ContactParticipant
from appointments.rules.appointment import NOT_BLOCKING
from appointments.rules.contact import is_two_way
from appointments.services.contacts import fact_of
from clients.choices import PointKind
from clients.models import (
    Accommodation,
    Client,
    ClientLanguage,
    ContactPoint,
    DueItem,
    HouseholdMember,
    SafetyNote,
)
from clients.rules.names import display_phone
from outreach.choices import ActKind
from outreach.due_items import OutreachDue
from outreach.models import LadderAct, RoundStop, VisitCompanion
from outreach.rules import Action, LadderView, current
from outreach.rules.visit import VisitResult, result_of
from outreach.services.addresses import homes_of, safety_notes
from outreach.services.ladders import ladders_of

REASON = "people of a round whose files the reader sees"


@dataclass(slots=True)
class Visit:
    """One person of a stop.

    Attributes:
        client: the file.
        languages: what is spoken, the preferred language first.
        phone: to be tapped, None when calling is not allowed.
        appointment: the appointment at home, if there is one.
        is_second: the second visit of the ladder: another time of day, a card is left.
        result: what came of it that day; "" while it is open.
        added: taken along by hand, so that it can be taken off again.
    """

    client: Client
    languages: str = ""
    phone: ContactPoint | None = None
    appointment: Appointment | None = None
    is_second: bool = False
    result: str = ""
    added: bool = False

    @property
    def result_text(self) -> str:
        return str(VisitResult(self.result).label) if self.result else ""

    @property
    def phone_text(self) -> str:
        return display_phone(self.phone.normalised) if self.phone is not None else ""


@dataclass(slots=True)
class Stop:
    """One address of the round."""

    home: Accommodation | None
    visits: list[Visit] = field(default_factory=list)
    others: list[Client] = field(default_factory=list)
    notes: list[SafetyNote] = field(default_factory=list)
    companions: list[VisitCompanion] = field(default_factory=list)
    position: int | None = None

    @property
    def lead(self) -> Client:
        """In whose file the visit is recorded: the first who is still to be visited."""
        return next((visit for visit in self.visits if not visit.result), self.visits[0]).client

    @property
    def people(self) -> list[Client]:
        return [visit.client for visit in self.visits]

    @property
    def address(self) -> list[str]:
        return self.home.address_lines if self.home is not None else []

    @property
    def is_done(self) -> bool:
        return all(visit.result for visit in self.visits)

    @property
    def starts_at(self) -> datetime.datetime | None:
        return min((v.appointment.starts_at for v in self.visits if v.appointment), default=None)

    @property
    def sort_key(self) -> tuple[Any, ...]:
        """By hand, what came later behind it; else what has a time first, then by street, numbers in their order."""
        home = self.home
        if home is not None and home.is_protected:
            home = None
        street = re.split(r"(\d+)", home.street.casefold()) if home is not None else []
        parts = tuple((part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in street)
        place = (home.postcode, home.town) if home is not None else ("~", "")
        start = self.starts_at
        when = (start is None, start.timestamp() if start is not None else 0)
        return self.position is None, self.position or 0, when, place, parts, self.visits[0].client.pk


@dataclass(slots=True)
class Round:
    """The round of a day.

    Attributes:
        stops: in their order.
        possible: second visits that are due and not on the round.
    """

    day: datetime.date
    stops: list[Stop]
    possible: list[Client]

    @property
    def by_hand(self) -> bool:
        return any(stop.position is not None for stop in self.stops)

    @property
    def left(self) -> int:
        """How many stops are still to be made."""
        return sum(1 for stop in self.stops if not stop.is_done)


def round_of(user: User, caseloads: frozenset[int], day: datetime.date, now: datetime.datetime) -> Round:
    """The round of a user for a day, over her own files and those she stands in for.

    Args:
        user: decides which files count.
        caseloads: in whose calendars the appointments stand.
        day: of the round.
        now: the instant of the request.
    """
    clients, appointments, own = _candidates(user, caseloads, day)
    possible = _second_visits(user, day)
    everybody = {client.pk: client for client in (*clients.values(), *possible)}
    views = {key: current(found) for key, found in ladders_of(list(everybody.values()), now).items()}
    results = _results(everybody, day)
    visits = {}
    for key, client in clients.items():
        view = views[key]
        added = key in own and own[key].added
        if key in appointments or key in results or _is_on(view, day, added=added):
            visits[key] = Visit(
                client,
                appointment=appointments.get(key),
                is_second=view is not None and view.action == Action.SECOND_VISIT,
                result=results.get(key, ""),
                added=added and key not in results,
            )
    _add_people(visits, day)
    stops = _stops(visits, user, day, {key: row.position for key, row in own.items()})
    _add_companions(stops, day)
    return Round(day, stops, [client for client in possible if client.pk not in visits])


def _candidates(
    user: User, caseloads: frozenset[int], day: datetime.date
) -> tuple[dict[int, Client], dict[int, Appointment], dict[int, RoundStop]]:
    acts = LadderAct.objects.visible_to(user).filter(kind=ActKind.ANNOUNCED, day=day)
    found = Appointment.objects.visible_to(user).in_calendars(caseloads).on(day)
    at_home = found.filter(channel=Channel.HOME_VISIT).exclude(state__in=NOT_BLOCKING)
    appointments = {row.client_id: row for row in at_home.order_by("-starts_at", "-pk")}
    own = {row.client_id: row for row in RoundStop.objects.visible_to(user).filter(user=user, day=day)}
    keys = {*acts.values_list("ladder__client", flat=True), *appointments}
    keys |= {key for key, row in own.items() if row.added}
    rows = Client.objects.visible_to(user).filter(pk__in=keys).select_related("preferred_language")
    return {row.pk: row for row in rows}, appointments, own


def _second_visits(user: User, day: datetime.date) -> list[Client]:
    """Files in which a second visit may be made on that day; it is not announced, so no day is fixed."""
    items = DueItem.objects.visible_to(user).standing(day)
    due = items.filter(kind=OutreachDue.STEP, step=Action.SECOND_VISIT).select_related("client")
    return [item.client for item in due.order_by("due_on", "pk")]


def _is_on(view: LadderView | None, day: datetime.date, *, added: bool) -> bool:
    return added or (view is not None and view.action == Action.VISIT and view.visit_on == day)


def _results(clients: Mapping[int, Client], day: datetime.date) -> dict[int, str]:
    """What came of the visits of a day, the last one of each person."""
    rows = ContactParticipant.objects.unscoped(reason=REASON).current_version()
    made = rows.filter(
        client__in=clients,
        relative__isnull=True,
        contact__channel=Channel.HOME_VISIT,
        contact__happened_on=day,
    )
    found: dict[int, str] = {}
    for row in made.select_related("contact").order_by("contact__happened_at", "contact__pk"):
        fact = fact_of(row.contact)
        found[row.client_id] = VisitResult.MET if is_two_way(fact) else result_of(fact)
    return found


def _add_people(visits: Mapping[int, Visit], day: datetime.date) -> None:
    """Languages and number of everybody on the round."""
    languages: dict[int, list[str]] = defaultdict(list)
    spoken = ClientLanguage.objects.unscoped(reason=REASON).filter(client__in=visits)
    for row in spoken.select_related("language").order_by("pk"):
        languages[row.client_id].append(row.language.label)
    points = (
        ContactPoint.objects.unscoped(reason=REASON)
        .current()
        .filter(client__in=visits, may_use=True, kind__in=(PointKind.MOBILE, PointKind.PHONE))
    )
    phones = {row.client_id: row for row in points.exclude(normalised="").order_by("-since", "-pk")}
    for key, visit in visits.items():
        first = visit.client.preferred_language
        names = [first.label] if first is not None else []
        visit.languages = ", ".join(dict.fromkeys([*names, *languages[key]]))
        visit.phone = phones.get(key) if visit.client.may_be_called else None


def _stops(
    visits: Mapping[int, Visit], user: User, day: datetime.date, positions: Mapping[int, int | None]
) -> list[Stop]:
    homes = homes_of(list(visits), day)
    households = _households(visits, day)
    stops: dict[object, Stop] = {}
    for key, visit in visits.items():
        home = homes.get(key)
        known = address_key(home) or households.get(key)
        # A protected address is a stop of its own: whoever shares it would tell it.
        alone = known is None or (home is not None and home.is_protected)
        stops.setdefault(("client", key) if alone else known, Stop(home)).visits.append(visit)
    neighbours = _neighbours(user, homes.values(), day)
    for place, stop in stops.items():
        on_it = {client.pk for client in stop.people}
        stop.others = [client for client in neighbours.get(place, ()) if client.pk not in on_it]
        given = [positions[key] for key in on_it if positions.get(key) is not None]
        stop.position = min((position for position in given if position is not None), default=None)
        stop.visits.sort(key=lambda visit: (visit.client.birth_date or day, visit.client.pk))
    everybody = [client for stop in stops.values() for client in (*stop.people, *stop.others)]
    notes: dict[int, list[SafetyNote]] = defaultdict(list)
    for note in safety_notes(everybody, day):
        notes[note.client_id].append(note)
    for stop in stops.values():
        stop.notes = [note for client in (*stop.people, *stop.others) for note in notes[client.pk]]
    return sorted(stops.values(), key=lambda stop: stop.sort_key)


def address_key(home: Accommodation | None) -> tuple[str, ...] | None:
    """What two files at one address have in common; None while the address is not known, or protected."""
    if home is None or not home.is_known_address or home.is_protected:
        return None
    words = (home.street, home.postcode, home.town)
    return tuple(re.sub(r"[\s.]+", "", word.casefold().replace("straße", "str")) for word in words)


def _households(visits: Mapping[int, Visit], day: datetime.date) -> dict[int, tuple[str, int]]:
    rows = HouseholdMember.objects.unscoped(reason=REASON).on(day).filter(client__in=visits)
    return {row.client_id: ("household", row.household_id) for row in rows}


def _neighbours(user: User, homes: Iterable[Accommodation], day: datetime.date) -> dict[object, list[Client]]:
    """Other files of the reader at these addresses."""
    places = {(home.postcode, home.town) for home in homes if address_key(home) is not None}
    if not places:
        return {}
    at_place = Q(*(Q(postcode=code, town=town) for code, town in sorted(places)), _connector=Q.OR)
    # The street is compared as people write it, so it is compared here.
    rows = Accommodation.objects.visible_to(user).disclosed().on(day).filter(at_place)
    rows = rows.exclude(client__phase="closed")
    found: dict[object, list[Client]] = defaultdict(list)
    for row in rows.select_related("client").order_by("client__surname", "client__pk"):
        found[address_key(row)].append(row.client)
    return found


def _add_companions(stops: Sequence[Stop], day: datetime.date) -> None:
    of_client = {client.pk: stop for stop in stops for client in stop.people}
    rows = VisitCompanion.objects.unscoped(reason=REASON).filter(client__in=of_client, starts_at__date=day)
    for row in rows.select_related("colleague").order_by("asked_at", "pk"):
        of_client[row.client_id].companions.append(row)
