"""The one search box: name in any spelling, case or list number, date of birth, phone.

The search words reach neither an address nor a log; the audit entry holds only the number of hits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from accounts.actor import Actor
from audit.recording import record
from clients import actions
from clients.models import Client, ClientName, ContactPoint
from clients.querysets import ClientQuerySet
from clients.rules.dates import UncertainDate
from clients.rules.likeness import found_by
from clients.rules.names import (
    QueryKind,
    SearchQuery,
    classify_query,
    fold,
    parse_case_number,
    prefix_range,
)
from clients.services.duplicate_links import leading_known
from clients.services.duplicates import Announcement, Answer, Question, ask_for_colleagues_file

SHOWN_AT_MOST = 25
RANKED_AT_MOST = 200
LIKE, SPELLED = 3.0, 2.0
"""How like a name is that begins as typed, or whose parts do; what sounds alike ends at 1."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits in the user's scope, best first; ``more`` when there are others; or a colleague's file.

    ``is_exact``: the full case number or list number of one of them was typed.
    ``pause``: why, and until when, no colleague's file was looked for. ``leading``: of files kept twice, by key, the
    file in which the counselling goes on, where the user knows it.
    """

    kind: QueryKind
    clients: tuple[Client, ...] = ()
    more: bool = False
    announced: Announcement | None = None
    is_exact: bool = False
    pause: str = ""
    leading: Mapping[int, Client] = field(default_factory=dict)


def search_clients(actor: Actor, text: str, *, announce: bool = False) -> SearchResult:
    """Find files the user may see.

    Args:
        actor: who acts, and when.
        text: the search words.
        announce: the query was sent on purpose, not while typing: only then a colleague's file is announced.
    """
    query = classify_query(text)
    found = _find(actor, query)
    answer = _announce(actor, query, text) if announce and not found else Answer()
    if query.kind is not QueryKind.EMPTY:
        record(actor, actions.SEARCHED, kind="client", count=len(found))
    exact = query.kind is QueryKind.CASE_NUMBER and any(client.case_no == query.text for client in found)
    exact = exact or (query.kind is QueryKind.LIST_NUMBER and bool(found))
    return SearchResult(
        query.kind,
        tuple(found[:SHOWN_AT_MOST]),
        len(found) > SHOWN_AT_MOST,
        answer.announcement,
        exact,
        answer.pause,
        leading_known(actor.user, found[:SHOWN_AT_MOST]),
    )


def _find(actor: Actor, query: SearchQuery) -> list[Client]:
    rows = Client.objects.visible_to(actor.user)
    match query.kind:
        case QueryKind.CASE_NUMBER:
            return _closed_last(
                list(rows.with_case_number_like(query.text).order_by("case_no")[: SHOWN_AT_MOST + 1])
            )
        case QueryKind.CASE_NUMBER_END:
            return _ending(rows, query)
        case QueryKind.LIST_NUMBER:
            return list(rows.filter(list_number=int(query.text)))
        case QueryKind.BIRTH_DATE if query.born_from and query.born_until:
            found = rows.born_between(query.born_from, query.born_until)
            born = list(found.in_list_order()[: SHOWN_AT_MOST + 1])
            numbered = _ending(rows, query) if query.ending else []
            return _closed_last([*numbered, *(client for client in born if client not in numbered)])
        case QueryKind.PHONE:
            lower, upper = prefix_range(query.text)
            points = ContactPoint.objects.visible_to(actor.user).filter(
                normalised__gte=lower, normalised__lt=upper
            )
            found = rows.filter(pk__in=points.values("client_id"))
            return _closed_last(list(found.in_list_order()[: SHOWN_AT_MOST + 1]))
        case QueryKind.NAME | QueryKind.NAME_AND_BIRTH_DATE:
            return _by_name(actor, query, rows)
        case _:
            return []


def _ending(rows: ClientQuerySet, query: SearchQuery) -> list[Client]:
    """Files whose case number ends so, the newest first; only ever inside a scope, for no index finds an end."""
    found = rows.filter(case_no__endswith=query.ending).order_by("-case_no")
    return _closed_last(list(found[: SHOWN_AT_MOST + 1]))


def _closed_last(found: list[Client]) -> list[Client]:
    return sorted(found, key=lambda client: client.is_closed)


def _by_name(actor: Actor, query: SearchQuery, rows: ClientQuerySet) -> list[Client]:
    if query.born_from and query.born_until:
        rows = rows.born_between(query.born_from, query.born_until)
    names = ClientName.objects.visible_to(actor.user).filter(client__in=rows).select_related("client")
    spelled = names.spelled_like(query).order_by("folded", "id")[:RANKED_AT_MOST]
    sounding = names.sounding_like(query.keys, query.begun)[:RANKED_AT_MOST]
    best: dict[int, tuple[float, Client]] = {}
    for name in (*spelled, *sounding):
        score = _likeness(query, name)
        if score > best.get(name.client_id, (0.0, name.client))[0]:
            best[name.client_id] = (score, name.client)
    ordered = sorted(best.values(), key=lambda hit: (-hit[0], hit[1].search_name, hit[1].pk))
    like = [client for score, client in ordered if score >= SPELLED]
    unlike = [client for score, client in ordered if score < SPELLED]
    return [*_closed_last(like), *_closed_last(unlike)]


def _likeness(query: SearchQuery, name: ClientName) -> float:
    """What begins as typed stands first, in list order; the rest by how like it sounds; 0 is no hit."""
    if any(
        name.folded.startswith(term.surname) and name.folded_given.startswith(term.given)
        for term in query.names
    ):
        return LIKE
    if query.parts and all(f" {part}" in name.parts for part in query.parts):
        return SPELLED
    return found_by(query.name, name.surname, name.given_name)


def _announce(actor: Actor, query: SearchQuery, text: str) -> Answer:
    if query.kind is QueryKind.CASE_NUMBER and parse_case_number(query.text):
        return ask_for_colleagues_file(actor, Question(case_no=query.text))
    if query.kind is QueryKind.NAME_AND_BIRTH_DATE and query.born_from:
        born = UncertainDate(query.born_from)
        names = _divisions([word for word in text.split() if fold(word)])
        return ask_for_colleagues_file(actor, *(Question("", *name, born) for name in names))
    return Answer()


def _divisions(words: list[str]) -> Iterable[tuple[str, str]]:
    """Every way typed words may be surname and given name."""
    yield " ".join(words), ""
    for cut in range(1, len(words)):
        first, last = " ".join(words[:cut]), " ".join(words[cut:])
        yield first, last
        yield last, first
