"""Money of the town shown and of the district: two programmes, this year's and last year's period, invented amounts."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Mapping, Sequence
from decimal import Decimal

from accounts.actor import Actor
from accounts.models import Municipality, User
from demo.kept import pdf
from demo.world import Place, World, at, random_key
from documents.choices import FileType
from documents.storage import path_of
from funding.choices import BookingKind, PaperKind, ProofState
from funding.deadlines import open_deadlines
from funding.models import (
    Booking,
    BudgetLine,
    FundingPeriod,
    Paper,
    PerCapita,
    Position,
    Programme,
    ProofStep,
)
from funding.services.entries import enter, follow
from funding.services.periods import meet_deadline, open_period, step_proof

Told = tuple[str, str, int, int, str]
MANAGEMENT, OFFICERS = "integration_management", "integration_officers"
LAST_YEAR: Mapping[str, Sequence[Told]] = {
    MANAGEMENT: (
        ("personnel", BookingKind.APPROVED, 10, 10_200_000, "Bescheid IM-1"),
        ("training", BookingKind.APPROVED, 10, 400_000, "Bescheid IM-1"),
        ("personnel", BookingKind.RECEIVED, 80, 10_200_000, "Auszahlung"),
        ("training", BookingKind.RECEIVED, 80, 400_000, "Auszahlung"),
        ("personnel", BookingKind.SPENT, 350, 10_435_050, "Jahresabschluss Personal"),
        ("training", BookingKind.SPENT, 240, 371_220, "Fachtag und Supervision"),
    ),
    OFFICERS: (
        ("personnel", BookingKind.APPROVED, 15, 2_000_000, "Bescheid IB-1"),
        ("personnel", BookingKind.RECEIVED, 120, 2_000_000, "Auszahlung"),
        ("personnel", BookingKind.SPENT, 350, 1_987_020, "Jahresabschluss Personal"),
    ),
}
"""Line, what happened, day of the year, cents, receipt."""
THIS_YEAR: Mapping[str, Sequence[Told]] = {
    MANAGEMENT: (
        ("personnel", BookingKind.APPROVED, 12, 10_200_000, "Bescheid IM-2"),
        ("training", BookingKind.APPROVED, 12, 400_000, "Bescheid IM-2"),
        ("interpreters", BookingKind.APPROVED, 12, 250_000, "Bescheid IM-2"),
        ("personnel", BookingKind.RECEIVED, 75, 5_100_000, "erste Rate"),
        ("personnel", BookingKind.SPENT, 181, 4_987_515, "Personal, erstes Halbjahr"),
        ("interpreters", BookingKind.SPENT, 150, 268_040, "Rechnung Dolmetschpool"),
    ),
    OFFICERS: (
        ("personnel", BookingKind.APPROVED, 20, 2_000_000, "Bescheid IB-2"),
        ("personnel", BookingKind.RECEIVED, 110, 1_000_000, "erste Rate"),
        ("personnel", BookingKind.SPENT, 181, 843_215, "Personal, erstes Halbjahr"),
    ),
}
SHARES = ((MANAGEMENT, "manager", "0.75"), (MANAGEMENT, "colleague", "1.00"), (OFFICERS, "officer", "0.50"))


def add_funding(world: World, place: Place, users: Mapping[str, User]) -> None:
    """Periods of the town and of the district, entered by whoever keeps them."""
    for year, told in ((world.as_of.year - 1, LAST_YEAR), (world.as_of.year, THIS_YEAR)):
        for programme in (MANAGEMENT, OFFICERS):
            _tell(world, users["officer"], place.municipality, year, programme, told[programme], users)
        _tell(world, users["coordinator"], None, year, MANAGEMENT, told[MANAGEMENT], users)


def _tell(
    world: World,
    officer: User,
    town: Municipality | None,
    year: int,
    programme: str,
    told: Sequence[Told],
    users: Mapping[str, User],
) -> None:
    pick = world.chance("funding", programme, year, town.code if town else "district")
    entered = Actor(officer, at(_past(world, dt.date(year, 1, 5)), 9))
    period = FundingPeriod(
        uuid=random_key(pick),
        programme=Programme.objects.get(code=programme),
        municipality=town,
        since=dt.date(year, 1, 1),
        until=dt.date(year, 12, 31),
        reference=f"15.2-{year}-{'IM' if programme == MANAGEMENT else 'IB'}-{pick.randint(100, 999)}",
    )
    open_period(entered, period)
    _book(world, officer, period, told, 1 if town else 12, pick)
    if programme == MANAGEMENT:
        _count_persons(entered, period, 182 if town else 2_940, pick)
    if town is not None:
        _pay(world, entered, period, programme, users, pick)
    if year < world.as_of.year:
        _prove(world, officer, period, programme, pick)
    _meet(world, officer, period)
    _keep(world, officer, period, pick)


def _past(world: World, day: dt.date) -> dt.date:
    """The day itself, within the days of the service up to yesterday."""
    return min(max(day, world.began_on), world.yesterday)


def _book(
    world: World, officer: User, period: FundingPeriod, told: Sequence[Told], times: int, pick: random.Random
) -> None:
    """What has happened by the day shown; one expense was mistyped and corrected."""
    for code, kind, number, cents, about in told:
        day = period.since + dt.timedelta(days=number - 1)
        if day > world.yesterday:
            continue
        booking = Booking(
            uuid=random_key(pick),
            period=period,
            line=BudgetLine.objects.get(code=code),
            kind=kind,
            day=day,
            amount=cents * times,
            about=about,
        )
        if kind == BookingKind.SPENT and code == "training":
            booking.amount += 90_000
        actor = Actor(officer, at(_past(world, day), 11))
        enter(actor, booking)
        if booking.amount != cents * times:
            right = follow(booking)
            right.uuid, right.amount = random_key(pick), cents * times
            right.reason = "Zahlendreher auf dem Beleg"
            enter(Actor(officer, at(_past(world, day + dt.timedelta(days=3)), 11)), right)


def _count_persons(actor: Actor, period: FundingPeriod, persons: int, pick: random.Random) -> None:
    row = PerCapita(
        uuid=random_key(pick), period=period, reference_on=period.since, persons=persons, amount=56_000
    )
    enter(actor, row)


def _pay(
    world: World,
    actor: Actor,
    period: FundingPeriod,
    programme: str,
    users: Mapping[str, User],
    pick: random.Random,
) -> None:
    """Shares of those who serve the town already."""
    since = max(period.since, world.began_on)
    for paid, name, share in SHARES:
        if paid == programme and since <= period.until:
            position = Position(
                uuid=random_key(pick),
                period=period,
                person=users[name],
                share=Decimal(share),
                since=since,
                until=period.until,
            )
            enter(actor, position)


def _prove(world: World, officer: User, period: FundingPeriod, programme: str, pick: random.Random) -> None:
    """Last year's proof is in work, submitted, and of the smaller programme checked, as far as the year has come."""
    steps = [(ProofState.IN_WORK, 20, ""), (ProofState.SUBMITTED, 75, "per Post und als PDF")]
    if programme == OFFICERS:
        steps.append((ProofState.CHECKED, 190, "ohne Beanstandung"))
    for state, number, note in steps:
        day = period.until + dt.timedelta(days=number)
        if day <= world.yesterday:
            step = ProofStep(uuid=random_key(pick), period=period, state=state, day=day, note=note)
            step_proof(Actor(officer, at(_past(world, day), 15)), step)
    period.refresh_from_db()


def _meet(world: World, officer: User, period: FundingPeriod) -> None:
    """What was due before the day shown was sent in time."""
    for one in open_deadlines([period]):
        if one.is_ticked and one.due_on < world.as_of:
            meet_deadline(Actor(officer, at(_past(world, one.due_on), 14)), period, one.kind, one.due_on)


def _keep(world: World, officer: User, period: FundingPeriod, pick: random.Random) -> None:
    key, data = random_key(pick), pdf(f"Bewilligungsbescheid {period.since.year} (Muster, erfunden)")
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    Paper.objects.create(
        uuid=random_key(pick),
        period=period,
        kind=PaperKind.APPROVAL,
        name=f"Bescheid-{period.since.year}.pdf",
        file_type=FileType.PDF,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        stored_as=key,
        added_by=officer,
        added_at=at(_past(world, dt.date(period.since.year, 1, 20)), 10),
    )
