"""Who waits in an inbox as a manager reads it before she takes a file: little of each person, families together."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from clients.choices import Phase, Relation
from clients.models import Accommodation, Client, ClientLanguage, HouseholdMember, Responsibility
from clients.querysets import ClientQuerySet, HouseholdMemberQuerySet
from clients.rules.dates import UncertainDate, age_is_certain, age_on
from clients.services.protection import protected_among

ADULT = 18


@dataclass(frozen=True)
class Waiting:
    """What may be read of a file before it is taken: name, age, languages, accommodation, source."""

    uuid: UUID
    name: str
    surname: str
    age: str
    languages: str
    accommodation: str
    source: str
    since: datetime.datetime
    came_from: str
    moved_from: str

    @property
    def facts(self) -> list[str]:
        """The facts in reading order; empty ones left out by the template."""
        return [self.age, self.languages, self.accommodation, self.source]


def _age(client: Client, today: datetime.date) -> str:
    born = client.birth
    if born is None:
        return _("age unknown")
    years = age_on(born, today)
    if not age_is_certain(born, today):
        return _("about %(number)s years old") % {"number": years}
    return ngettext("%(number)s year old", "%(number)s years old", years) % {"number": years}


def _standing(loaded: Any) -> list[Responsibility]:
    """Who was responsible, without those who took the file and put it back the same day."""
    rows = list(loaded.all_responsibilities)
    while len(rows) > 2 and rows[-2].withdrawn_at is not None:
        del rows[-2:]
    return rows


def _town_before(rows: Sequence[Responsibility]) -> str:
    """The town a file came from with its person, "" when it has always waited here."""
    if len(rows) < 2 or rows[-1].municipality_id == rows[-2].municipality_id:
        return ""
    return str(rows[-2].municipality)


def _waiting(loaded: Any, today: datetime.date) -> Waiting:
    """A file as the list loads it, some of its rows under names of their own; no type knows those."""
    home = next(iter(loaded.present_accommodations), None)
    rows = _standing(loaded)
    open_row = loaded.all_responsibilities[-1] if loaded.all_responsibilities else None
    fell = open_row is not None and open_row.former_manager is not None and loaded.phase != Phase.ACCESS
    return Waiting(
        uuid=loaded.uuid,
        name=loaded.list_name,
        surname=loaded.surname,
        age=_age(loaded, today),
        languages=", ".join(str(row.language) for row in loaded.ordered_languages),
        accommodation=_where(home) if home else "",
        source=str(loaded.source or ""),
        since=rows[-1].since if rows else loaded.registered_at,
        came_from=str(open_row.former_manager) if fell and open_row is not None else "",
        moved_from=_town_before(rows),
    )


def _where(home: Accommodation) -> str:
    if home.is_protected:
        return home.address_lines[0]
    return ", ".join(filter(None, [home.name or home.kind_text, home.quarter]))


@dataclass
class Group:
    """Who waits together: a household, or one person.

    Attributes:
        people: with a file of their own, in the order of arrival.
        children: relatives under age in these files.
        minors: how many of the people are under age themselves.
    """

    people: list[Waiting] = field(default_factory=list)
    children: int = 0
    minors: int = 0

    @property
    def is_family(self) -> bool:
        return len(self.people) > 1

    @property
    def all_children(self) -> int:
        """How many children the family has; somebody under age who waits alone is no family."""
        return self.children + (self.minors if self.is_family else 0)

    @property
    def first(self) -> Waiting:
        return self.people[0]

    @property
    def name(self) -> str:
        """The surnames, each once."""
        return " / ".join(dict.fromkeys(entry.surname for entry in self.people))


def as_shown(rows: ClientQuerySet, today: datetime.date) -> ClientQuerySet:
    """Files with what the inbox shows of them, in a fixed number of queries."""
    homes = Accommodation.objects.unscoped(reason="named in the inbox")
    languages = ClientLanguage.objects.unscoped(reason="named in the inbox").select_related("language")
    responsibilities = Responsibility.objects.unscoped(reason="since when, and from whom, an entry waits")
    return rows.select_related("source").prefetch_related(
        Prefetch("accommodations", homes.on(today), to_attr="present_accommodations"),
        Prefetch("client_languages", languages.order_by("order"), to_attr="ordered_languages"),
        Prefetch(
            "responsibilities",
            responsibilities.select_related("former_manager", "municipality"),
            to_attr="all_responsibilities",
        ),
    )


def groups_of(user: User, page: Sequence[Client], today: datetime.date) -> list[Group]:
    """The files of a page by household, each where its first member stands.

    Members who arrived later come along from further pages; who belongs to a household of an earlier page stands there.

    Args:
        user: whose inbox it is.
        page: files as `as_shown` loads them, in the order of arrival.
        today: decides who is a child.
    """
    homes = _households(page)
    beside = Client.objects.in_inbox_of(user).filter(
        pk__in=_members().filter(household__in=set(homes.values())).values("client")
    )
    known = {file.pk: file for file in (*page, *as_shown(beside, today).order_by("pk"))}
    homes |= _households(list(known.values()))
    first_shown = page[0].pk if page else 0
    earlier = {homes[key] for key in known if key < first_shown and key in homes}
    children = _children(known, homes, today)
    groups: dict[object, Group] = {}
    for key in sorted(known):
        home = homes.get(key)
        if home is None:
            groups["person", key] = Group([_waiting(known[key], today)])
        elif home not in earlier:
            group = groups.setdefault(("household", home), Group(children=children[home]))
            group.people.append(_waiting(known[key], today))
            group.minors += _is_child(known[key].birth, today)
    return list(groups.values())


def _members() -> HouseholdMemberQuerySet:
    return HouseholdMember.objects.unscoped(reason="families of an inbox wait together").current()


def _households(files: Sequence[Client]) -> dict[int, int]:
    """The household of each file; a protected address is nobody's beside whom it would be told."""
    rows = _members().filter(client__in={file.pk for file in files} - protected_among(files))
    return dict(rows.values_list("client_id", "household_id"))


def _children(files: Mapping[int, Client], homes: Mapping[int, int], today: datetime.date) -> Counter[int]:
    """How many children are counselled along in these files, by household."""
    rows = _members().filter(household__in=set(homes.values()), relative__client__in=list(files))
    return Counter(
        row.household_id
        for row in rows.select_related("relative")
        if row.relative is not None and _is_child(row.relative.birth, today, row.relation == Relation.CHILD)
    )


def _is_child(born: UncertainDate | None, today: datetime.date, otherwise: bool = False) -> bool:
    return otherwise if born is None else age_on(born, today) < ADULT
