"""Whether a person already has a file before a new one is opened: a warning, never a block (decision 0017)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import scope_of
from accounts.actor import Actor
from audit.models import AuditEntry
from audit.recording import record
from clients import actions
from clients.choices import Precision
from clients.linked import leading_files, linked_with
from clients.models import Client, ClientName, ContactPoint
from clients.querysets import ClientQuerySet
from clients.rules.dates import UncertainDate
from clients.rules.duplicates import MOST_COMPARED, PersonTraits, Suspicion, rank, without_dismissed
from clients.rules.names import fold, prefix_range, search_key
from clients.services.closed_files import is_left
from clients.services.duplicate_dismissals import dismissed_among, dismissed_for

SHOWN_AT_MOST = 10
# Twice an office hour's work, and no way to guess a day of birth.
ASKED_IN_VAIN_AT_MOST = 30
WITHIN = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Announcement:
    """A colleague's file that is only announced: "Akte vorhanden, zuständig: X" (rules.md §8).

    ``is_left``: it is closed and its manager has left, so that whoever counsels the person now re-opens it.
    """

    case_no: str
    manager: str
    is_left: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question for a colleague's file: the file, nothing, or a pause.

    ``pause``: the sentence that says from when on she may ask again. No search was made then.
    """

    client: Client | None = None
    announcement: Announcement | None = None
    again_at: datetime.datetime | None = None

    @property
    def pause(self) -> str:
        if self.again_at is None:
            return ""
        # Rounded up to the full minute, so that the time shown is never too early.
        again = timezone.localtime(self.again_at) + datetime.timedelta(minutes=1, microseconds=-1)
        return _(
            "Within an hour you asked for files of colleagues %(count)s times in vain. "
            "You can ask for them again from %(time)s."
        ) % {"count": ASKED_IN_VAIN_AT_MOST, "time": date_format(again, "TIME_FORMAT")}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file that may be the same person, among those the user may see or may take from the inbox."""

    client: Client
    suspicion: Suspicion
    in_inbox: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What to warn about; ``pause`` says why and until when no colleague's file was looked for."""

    duplicates: tuple[Duplicate, ...] = ()
    announced: tuple[Announcement, ...] = ()
    pause: str = ""

    def __bool__(self) -> bool:
        return bool(self.duplicates or self.announced or self.pause)


def find_duplicates(actor: Actor, person: PersonTraits, *, announce: bool = True) -> Findings:
    """Files that may be this person: shown from the caseload and the inbox, only announced from a colleague's.

    If one file surely is this person, the files told apart from it are left out.

    Args:
        actor: who acts, and when.
        person: the data entered.
        announce: whether to ask for a colleague's file.
    """
    found = rank(person, _by_leading(_candidates(actor, person)))
    found = without_dismissed(found, dismissed_among([pk for pk, _suspicion in found]))
    answer = Answer()
    if announce:
        answer = ask_for_colleagues_file(actor, Question("", person.surname, person.given, person.born))
    announced = (answer.announcement,) if answer.announcement else ()
    return Findings(_as_files(found), announced, answer.pause)


def suspected_of(actor: Actor, client: Client, phone: str) -> tuple[Duplicate, ...]:
    """Files that may be the same person as this file, those it was told apart from left out.

    Only what the user sees anyway is compared: her files and her inbox.

    Args:
        actor: who acts, and when.
        client: a file the user was let into.
        phone: a number of the person in normalised form, or "".
    """
    person = PersonTraits(client.surname, client.given_name, client.birth, phone)
    settled = {client.pk, *dismissed_for(client), *linked_with(client)}
    candidates = [(pk, traits) for pk, traits in _by_leading(_candidates(actor, person)) if pk not in settled]
    return _as_files(rank(person, candidates))


def _as_files(found: Sequence[tuple[int, Suspicion]]) -> tuple[Duplicate, ...]:
    shown = found[:SHOWN_AT_MOST]
    files = {
        client.pk: client
        for client in Client.objects.unscoped(reason="candidates were drawn from the user's scope").filter(
            pk__in=[pk for pk, _suspicion in shown]
        )
    }
    return tuple(
        Duplicate(files[pk], suspicion, files[pk].manager_id is None)
        for pk, suspicion in shown
        if pk in files
    )


def _by_leading(candidates: Sequence[tuple[int, PersonTraits]]) -> list[tuple[int, PersonTraits]]:
    """Who has two linked files is named once, by the one that leads, unless that one lies elsewhere meanwhile."""
    known = {pk for pk, _traits in candidates}
    leading = {pk: lead for pk, lead in leading_files(known).items() if lead in known}
    return [(leading.get(pk, pk), traits) for pk, traits in candidates]


def _candidates(actor: Actor, person: PersonTraits) -> list[tuple[int, PersonTraits]]:
    if not person.block_keys:
        return []
    # One set of files: of two sets, PostgreSQL would compare every name of the district with both.
    files = Client.objects.visible_to(actor.user) | Client.objects.in_inbox_of(actor.user)
    names = (
        ClientName.objects.unscoped(reason="narrowed to caseload and inbox of the user")
        .filter(client__in=files.values("pk"))
        .sounding_like(person.block_keys)
        .select_related("client")
    )
    rows = list(names[:MOST_COMPARED])
    phones = _phones([row.client_id for row in rows], person.phone)
    return [
        (
            row.client_id,
            PersonTraits(
                row.surname, row.given_name, row.client.birth, person.phone if row.client_id in phones else ""
            ),
        )
        for row in rows
    ]


def _phones(client_ids: list[int], phone: str) -> set[int]:
    if not phone:
        return set()
    return set(
        ContactPoint.objects.unscoped(reason="narrowed to files already found")
        .filter(client_id__in=client_ids, normalised=phone)
        .values_list("client_id", flat=True)
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A case number, or a full surname with a birth date; anything less asks nothing."""

    case_no: str = ""
    surname: str = ""
    given: str = ""
    born: UncertainDate | None = None

    @property
    def is_exact(self) -> bool:
        day_known = self.born is not None and self.born.precision == Precision.DAY
        return bool(self.case_no or (self.surname and day_known))


def ask_for_colleagues_file(
    actor: Actor,
    *readings: Question,
) -> Answer:
    """Answer one question in all its readings; a user has a limited number of wrong guesses per hour.

    Only questions without a hit count. Each writes an audit entry, and the entries are counted. A counter in the cache
    of one process would miss the others, and two requests at once could both raise it to the same number.

    Args:
        actor: who acts, and when.
        readings: the ways to read the entry; the first that leads to a file is the answer.
    """
    exact = [reading for reading in readings if reading.is_exact]
    if not exact:
        return Answer()
    since = timezone.now() - WITHIN
    vain = AuditEntry.objects.filter(actor=actor.user, at__gt=since, action=actions.ASKED_IN_VAIN.code)
    times = list(vain.order_by("-at").values_list("at", flat=True)[:ASKED_IN_VAIN_AT_MOST])
    if len(times) == ASKED_IN_VAIN_AT_MOST:
        return Answer(again_at=times[-1] + WITHIN)
    for one in exact:
        found = announce_colleagues_file(
            actor, case_no=one.case_no, surname=one.surname, given=one.given, born=one.born
        )
        if found is not None:
            return Answer(*found)
    record(actor, actions.ASKED_IN_VAIN, kind="client")
    return Answer()


def announce_colleagues_file(
    actor: Actor, *, case_no: str = "", surname: str = "", given: str = "", born: UncertainDate | None = None
) -> tuple[Client, Announcement] | None:
    """A colleague's file in the same municipality, found by case number or by full surname and birth date.

    Never in autocomplete; always recorded in the file it tells about. Another municipality's file does not
    exist, neither does one in the inbox or in one's own caseload (those are shown, not announced).

    Args:
        actor: who acts, and when.
        case_no: a full case number, or
        surname: the full surname in any spelling that folds to the same letters, and
        given: the given name; narrows when several persons share surname and birth date.
        born: the exact date of birth.
    """
    scope = scope_of(actor.user)
    if not scope.caseloads:
        return None
    rows = (
        Client.objects.unscoped(reason="a colleague's file is announced, never shown (rules.md §8)")
        .filter(municipality_id__in=scope.municipalities, manager__isnull=False)
        .exclude(manager_id__in=scope.caseloads)
        .select_related("manager")
    )
    if case_no:
        found = rows.filter(case_no=case_no).first()
    elif surname and born is not None and born.precision == Precision.DAY:
        found = _by_name(rows, surname, given, born.value)
    else:
        return None
    if found is None:
        return None
    record(actor, actions.ANNOUNCED, client=found, kind="client")
    return found, Announcement(found.case_no, str(found.manager), is_left(found))


def _by_name(rows: ClientQuerySet, surname: str, given: str, born: datetime.date) -> Client | None:
    wanted = fold(surname)
    if not wanted:
        return None
    names = (
        ClientName.objects.unscoped(reason="narrowed to one surname and day of birth")
        .filter(client__in=rows.filter(birth_date=born, birth_precision=Precision.DAY))
        .select_related("client__manager")
    )
    low, high = prefix_range(f"{wanted} ")
    exact = names.filter(folded=search_key(surname, given))
    whoever = names.filter(Q(folded=wanted) | Q(folded__gte=low, folded__lt=high))
    hit = exact.order_by("pk").first() or whoever.order_by("pk").first()
    return hit.client if hit else None
