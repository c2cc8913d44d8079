"""Finding whoever helps: by need, language and place, in the network and from a file (rules.md §14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet

from accounts.actor import Actor
from accounts.models import Municipality
from accounts.records import uuid_of
from clients.models import SpokenLanguage, Topic
from partners.models import Offer, Organisation, PartnerKind, Volunteer

AT_ONCE = 50
MOST_WORDS = 5
LONGEST_TEXT = 80
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; None asks for nothing.

    Attributes:
        kind: of partner.
        topic: the need.
        language: spoken there.
        place: the town whose people may come.
        words: each stands in a name, an offer or an area.
        stale: only entries nobody has confirmed for twelve months.
        retired: those out of use instead.
    """

    kind: PartnerKind | None = None
    topic: Topic | None = None
    language: SpokenLanguage | None = None
    place: Municipality | None = None
    words: tuple[str, ...] = ()
    stale: bool = False
    retired: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str], usual: Mapping[str, str] | None = None) -> Wanted:
        """From an address; a code nobody knows asks for nothing.

        Args:
            asked: the query.
            usual: what is asked for where the address says nothing at all.
        """
        codes = {**(usual or {}), **asked}
        return cls(
            kind=_coded(PartnerKind.objects.all(), codes.get("kind")),
            topic=_coded(Topic.objects.all(), codes.get("topic")),
            language=_coded(SpokenLanguage.objects.all(), codes.get("language")),
            place=_coded(Municipality.objects.all(), codes.get("place")),
            words=tuple(codes.get("q", "")[:LONGEST_TEXT].split()[:MOST_WORDS]),
            stale="stale" in codes,
            retired="retired" in codes,
        )

    @property
    def asks_for_offers(self) -> bool:
        """Whether only organisations with an offer that fits are wanted."""
        return any((self.topic, self.language, self.place))


def _says(word: str, *fields: str) -> Q:
    """Rows with the word in one of these fields, in small letters or large; SQLite knows only A to Z as alike."""
    found = Q()
    for spelling in {word, word.lower(), word.upper(), word.capitalize()}:
        for field in fields:
            found |= Q(**{f"{field}__icontains": spelling})
    return found


def _coded(rows: QuerySet[M], code: str | None) -> M | None:
    return rows.filter(code=code).first() if code else None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of organisations with the offers that fit, and the key the next one begins after."""

    organisations: list[Organisation]
    after: str


def organisations(actor: Actor, wanted: Wanted, after: str = "") -> Found:
    """Organisations with what they offer, by name.

    Args:
        actor: who looks.
        wanted: what for.
        after: key of the last organisation shown.
    """
    offers = Offer.objects.on(actor.today).fitting(
        topic=wanted.topic, language=wanted.language, place=wanted.place
    )
    rows = Organisation.objects.filter(retired_on__isnull=not wanted.retired)
    if wanted.kind is not None:
        rows = rows.filter(kind=wanted.kind)
    if wanted.asks_for_offers:
        rows = rows.filter(Exists(offers.filter(organisation=OuterRef("pk"))))
    for word in wanted.words:
        offered = offers.filter(_says(word, "title", "schedule", "quarter"), organisation=OuterRef("pk"))
        rows = rows.filter(_says(word, "name", "town", "quarter", "municipality__name") | Exists(offered))
    if wanted.stale:
        rows = rows.stale(actor.today)
    key = uuid_of(after)
    last = Organisation.objects.filter(uuid=key).first() if key else None
    if last is not None:
        rows = rows.after(last)
    shown = offers.select_related("topic", "municipality").prefetch_related("languages")
    joined = rows.select_related("kind", "municipality").prefetch_related(Prefetch("offers", shown))
    found: list[Any] = list(joined.order_by("name", "pk")[: AT_ONCE + 1])
    more = str(found[AT_ONCE - 1].uuid) if len(found) > AT_ONCE else ""
    return Found(found[:AT_ONCE], more)


def volunteers(actor: Actor, wanted: Wanted) -> QuerySet[Volunteer]:
    """Volunteers of the municipalities the actor serves; a need nobody named with one fits every need."""
    rows = Volunteer.objects.kept_in(actor.scope)
    if wanted.topic is not None:
        rows = rows.filter(topic=wanted.topic) | rows.filter(topic__isnull=True)
    if wanted.language is not None:
        rows = rows.filter(languages=wanted.language)
    if wanted.place is not None:
        rows = rows.filter(municipality=wanted.place)
    for word in wanted.words:
        rows = rows.filter(_says(word, "name", "helps_with", "quarter", "municipality__name"))
    if wanted.stale:
        rows = rows.stale(actor.today)
    joined = rows.select_related("municipality", "organisation", "topic").prefetch_related("languages")
    return joined.order_by("name", "pk")


def choices() -> dict[str, Any]:
    """What the filters offer."""
    return {
        "kinds": PartnerKind.objects.all(),
        "topics": Topic.objects.all(),
        "languages": SpokenLanguage.objects.all(),
        "places": Municipality.objects.all(),
    }
