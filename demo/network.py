"""An invented network: organisations with offers, volunteers, meetings; and whom the invented people were sent to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from accounts.models import User
from clients.models import SpokenLanguage
from demo.people import weighted
from demo.rows import Rows
from demo.story import Story
from demo.world import Place, World, at, random_key
from documents.models import Consent
from partners.choices import ReferralState, Way
from partners.models import (
    ContactPerson,
    Decision,
    Meeting,
    Offer,
    Organisation,
    PartnerKind,
    Referral,
    ReferralStep,
    Volunteer,
)
from partners.rules.referral import OPEN

# Kind, name, town, and an offer: title, topic, languages, when, places. All invented.
Described = tuple[str, str, str, tuple[str, str, str, str, int | None] | None]
ORGANISATIONS: Sequence[Described] = (
    (
        "jobcenter",
        "Jobcenter Landkreis Karlsruhe",
        "Bruchsal",
        ("Erstberatung", "work", "de", "nach Termin", None),
    ),
    ("employment_agency", "Agentur für Arbeit Musterstadt", "Musterstadt", None),
    ("immigration_office", "Ausländerbehörde Musterkreis", "Musterstadt", None),
    ("social_office", "Sozialamt Musterkreis", "Musterstadt", None),
    ("youth_office", "Jugendamt Musterkreis", "Musterstadt", None),
    (
        *("migration_counselling", "Migrationsberatung Beispielhaus", "Stutensee"),
        ("Migrationsberatung für Erwachsene", "residence", "de,ar,uk", "dienstags 9 bis 12 Uhr", None),
    ),
    (
        *("debt_counselling", "Schuldnerberatung Beispielhaus", "Bruchsal"),
        ("Offene Sprechstunde Schulden", "finance", "de,tr", "donnerstags 14 bis 16 Uhr", None),
    ),
    (
        *("pregnancy_counselling", "Beratungsstelle Lichtblick", "Musterstadt"),
        ("Schwangerenberatung", "health", "de,ar", "nach Vereinbarung", None),
    ),
    (
        *("psychosocial_centre", "Psychosoziales Zentrum Brückenpfeiler", "Musterstadt"),
        ("Gespräche mit Sprachmittlung", "health", "de,ar,prs,ti", "Warteliste, Aufnahme montags", 12),
    ),
    ("health", "Hausarztpraxis Dr. Beispiel", "Stutensee", None),
    (
        *("language_course", "Volkshochschule Stutensee", "Stutensee"),
        ("Sprachkurs A1 bis B1", "education", "de", "Mo bis Fr 8.30 bis 12.30 Uhr", 18),
    ),
    ("school", "Grundschule am Musterbach", "Stutensee", None),
    (
        *("recognition", "Anerkennungsberatung Musterkammer", "Musterstadt"),
        ("Beratung zu Zeugnissen", "work", "de,en", "mittwochs, online", None),
    ),
    (
        *("association", "Begegnungscafé Webstuhl e. V.", "Stutensee"),
        ("Begegnungscafé", "participation", "de,ar,uk,ru", "freitags 15 bis 18 Uhr", 30),
    ),
    ("legal_advice", "Rechtsberatung Refugio Musterland", "Musterstadt", None),
    ("municipality", "Stadt Musterlingen, Integrationsstelle", "Musterlingen", None),
)
STALE = frozenset({"Rechtsberatung Refugio Musterland", "Grundschule am Musterbach"})
VOLUNTEERS: Sequence[tuple[str, str, str, str, bool]] = (
    ("Hannelore Musterfrau", "Blankenloch", "en", "Begleitung zu Terminen", True),
    ("Samir Beispielovic", "Spöck", "ar,en", "Übersetzen, Formulare", True),
    ("Gerd Probemann", "Friedrichstal", "", "Nachhilfe Mathematik", True),
    ("Oksana Testenko", "Blankenloch", "uk,ru", "Kinderbetreuung, Alltag", True),
    ("Theo Vorlagner", "Staffort", "fr", "Fahrradwerkstatt", False),
)
OUTCOMES: Sequence[tuple[tuple[ReferralState, ...], int]] = (
    ((), 16),
    ((ReferralState.APPOINTMENT,), 10),
    ((ReferralState.APPOINTMENT, ReferralState.ARRIVED), 34),
    ((ReferralState.ARRIVED,), 16),
    ((ReferralState.WAITING,), 8),
    ((ReferralState.DECLINED,), 7),
    ((ReferralState.APPOINTMENT, ReferralState.ARRIVED, ReferralState.BROKEN_OFF), 4),
    ((ReferralState.APPOINTMENT, ReferralState.BROKEN_OFF), 5),
)
SETTLED = [(states, share) for states, share in OUTCOMES if states and states[-1] not in OPEN]
LONG_AGO = dt.timedelta(days=60)
"""Of what lies longer back the outcome is mostly known."""
ABOUT = ("Antrag klären", "Beratung vor Ort", "Platz anfragen", "Unterlagen durchsehen", "")


def build_network(world: World, place: Place, users: Mapping[str, User]) -> None:
    """Organisations, volunteers of the town that is shown, and three meetings with their decisions."""
    kinds = {kind.code: kind for kind in PartnerKind.objects.all()}
    for code, name, town, offered in ORGANISATIONS:
        age = 430 if name in STALE else world.chance("confirmed", name).randint(20, 300)
        organisation = Organisation.objects.create(
            kind=kinds[code],
            name=name,
            town=town,
            municipality=place.municipality if town == place.municipality.name else None,
            phone="0721 608 5550",
            hours="Mo bis Do 9 bis 12 Uhr",
            confirmed_on=world.as_of - dt.timedelta(days=age),
            confirmed_by=users["officer"],
        )
        if offered is not None:
            _offer(world, organisation, offered)
    ContactPerson.objects.create(
        organisation=Organisation.objects.get(name="Jobcenter Landkreis Karlsruhe"),
        name="Frau Sommer (erfunden)",
        role="Team Migration",
        phone="0721 608 5551",
    )
    _volunteers(world, place)
    _meetings(world, users)


def _languages(world: World, codes: str) -> list[SpokenLanguage]:
    return [world.languages[code] for code in codes.split(",") if code]


def _offer(
    world: World, organisation: Organisation, described: tuple[str, str, str, str, int | None]
) -> None:
    title, topic, codes, schedule, capacity = described
    offer = Offer.objects.create(
        organisation=organisation,
        title=title,
        topic=world.topics[topic],
        municipality=organisation.municipality,
        schedule=schedule,
        capacity=capacity,
    )
    offer.languages.set(_languages(world, codes))


def _volunteers(world: World, place: Place) -> None:
    for number, (name, quarter, codes, helps_with, has_signed) in enumerate(VOLUNTEERS):
        volunteer = Volunteer.objects.create(
            name=name,
            municipality=place.municipality,
            quarter=quarter,
            helps_with=helps_with,
            phone=f"0721 608 556{number}",
            confidentiality_on=world.as_of - dt.timedelta(days=200 + number) if has_signed else None,
            certificate_until=world.as_of + dt.timedelta(days=300 * number - 40) if has_signed else None,
            confirmed_on=world.as_of - dt.timedelta(days=60 * number),
        )
        volunteer.languages.set(_languages(world, codes))


def _meetings(world: World, users: Mapping[str, User]) -> None:
    """The last two have minutes and decisions; one is to come."""
    some = list(Organisation.objects.order_by("pk")[5:9])
    described: Sequence[tuple[str, int, str, Sequence[tuple[str, str, int, bool]]]] = (
        (
            *(
                "Runder Tisch Integration",
                -30,
                "Der Bedarf an Schuldnerberatung steigt; Sprachkurse haben Plätze.",
            ),
            (
                ("Liste der Sprachkurse an alle Stellen schicken", "officer", -6, False),
                ("Raum für eine zweite Sprechstunde Schulden suchen", "manager", 9, False),
                ("Protokoll verteilen", "officer", -25, True),
            ),
        ),
        (
            *("Helferkreis Stutensee", -9, "Drei Tandems gesucht. Der Fahrdienst endet im Sommer."),
            (("Neue Tandems mit dem Helferkreis besprechen", "manager", 5, False),),
        ),
        ("Austausch mit den Nachbarkommunen", 12, "", ()),
    )
    for title, ahead, minutes, decisions in described:
        meeting = Meeting.objects.create(
            title=title,
            starts_at=at(world.working_day(ahead), 16, 0),
            place="Bürgerhaus, kleiner Saal",
            invitation="Herzliche Einladung zum Austausch. Bitte bringen Sie Ihre offenen Fragen mit.",
            others="Frau Vogt (Kirchengemeinde)",
            minutes=minutes,
        )
        meeting.organisations.set(some)
        meeting.staff.set([users["officer"], users["manager"]])
        for text, who, due, is_done in decisions:
            Decision.objects.create(
                meeting=meeting,
                text=text,
                responsible=users[who],
                due_on=world.working_day(due),
                done_at=at(world.working_day(due), 11, 0) if is_done else None,
                done_by=users[who] if is_done else None,
            )


def add_referrals(world: World, rows: Rows, stories: Iterable[Story]) -> None:
    """About one a year for each person; drawn apart, so that no other part of a story depends on it."""
    partners = list(
        Organisation.objects.exclude(kind__code="municipality").select_related("kind").order_by("pk")
    )
    offers = {offer.organisation_id: offer for offer in Offer.objects.all()}
    released: dict[tuple[str, str], Consent] = {
        (row.client.case_no, row.recipient): row for row in rows.of(Consent) if row.recipient
    }
    for story in stories:
        if not story.talk_days or story.manager is None:
            continue
        pick = world.chance("referrals", story.client.case_no)
        for day in sorted(set(story.talk_days))[1:]:
            if pick.random() > 0.12:
                continue
            partner = pick.choice(partners)
            consent = released.get((story.client.case_no, partner.name))
            referral = rows.add(
                Referral,
                uuid=random_key(pick),
                client=story.client,
                kind=partner.kind,
                organisation=partner,
                offer=offers.get(partner.pk),
                way=Way.NAME_PASSED if consent is not None else Way.HANDED_OUT,
                consent=consent,
                about=pick.choice(ABOUT),
                recommended_on=day,
                about_health=partner.kind.about_health,
                recorded_by=story.manager,
                recorded_at=at(day, 16, 40),
            )
            is_known = world.as_of - day > LONG_AGO and pick.random() < 0.9
            _steps(world, rows, referral, weighted(pick, SETTLED if is_known else OUTCOMES))


def _steps(world: World, rows: Rows, referral: Referral, states: Sequence[ReferralState]) -> None:
    """What came of it so far; a step that would lie ahead has not happened yet."""
    day, appointment_on = referral.recommended_on, None
    pick = world.chance("steps", referral.uuid)
    for state in (ReferralState.RECOMMENDED, *states):
        if state != ReferralState.RECOMMENDED:
            day = appointment_on or day + dt.timedelta(days=pick.randint(2, 12))
        if day >= world.as_of:
            return
        appointment_on = day + dt.timedelta(days=10) if state == ReferralState.APPOINTMENT else None
        referral.state, referral.state_on, referral.appointment_on = state, day, appointment_on
        rows.add(
            ReferralStep,
            uuid=random_key(pick),
            referral=referral,
            state=state,
            on=day,
            appointment_on=appointment_on,
            recorded_by=referral.recorded_by,
            recorded_at=at(day, 16, 45),
        )
