"""Rows of a list against what is filed already: one's own files, the inbox, and colleagues' by name alone."""

import datetime
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from accounts.access import scope_of
from accounts.actor import Actor
from clients.choices import DuplicateReason, PointKind, Precision
from clients.models import Client, ClientName, ContactPoint, Relative
from clients.rules.dates import UncertainDate
from clients.rules.duplicates import Crowd, PersonTraits, Suspicion, suspect, without_dismissed
from clients.services.duplicate_dismissals import dismissed_among
from clients.services.duplicates import (
    Answer,
    Question,
    announce_colleagues_file,
    ask_for_colleagues_file,
)
from intake.importing.checks import TOO_MANY, differ_in_digits
from intake.importing.findings import Finding, FindingCode, Level
from intake.importing.people import ReadRow
from intake.models import ImportBatch


@dataclass(frozen=True)
class _Filed:
    """The traits of a file that are compared; the case number of an inbox entry is not told.

    A co-counselled relative counts under the file that names them, and is nobody a file could be told apart from.
    """

    case_no: str
    in_inbox: bool
    traits: PersonTraits
    file: tuple[int, uuid.UUID] | None = None

    @property
    def key(self) -> int | None:
        """The key of the file of this very person."""
        return self.file[0] if self.file else None


def duplicates_in_files(
    actor: Actor, rows: Sequence[ReadRow], batch: ImportBatch, *, counts: bool = False
) -> dict[int, tuple[Finding, ...]]:
    """Suspected repetitions of what is filed already, by position in ``rows``.

    Compared with the files one may see and with the inbox of the municipality; a colleague's file is
    announced on the full surname and date of birth alone, never on a likeness (rules.md §8).

    Args:
        actor: who acts, and when.
        counts: each row is a question typed by hand, of which only some an hour may be in vain (decision 0019).
    """
    sounds = frozenset().union(*(row.values.traits.block_keys for row in rows))
    filed: Crowd[_Filed] = Crowd()
    for entry in _filed(actor, batch, sounds):
        filed.add(entry, entry.traits)
    elsewhere = frozenset() if counts else _births_in_other_caseloads(actor, rows)
    near = [filed.near(row.values.traits) for row in rows]
    hits = [_hits(row.values.traits, entries) for row, (entries, _all) in zip(rows, near, strict=True)]
    apart = dismissed_among({entry.key for row in hits for entry, _suspicion in row if entry.key is not None})
    found: dict[int, tuple[Finding, ...]] = {}
    for position, row in enumerate(rows):
        person = row.values.traits
        doubtful = sorted(_open_to_doubt(hits[position], apart), key=lambda hit: -hit[1].score)
        findings = [_same_as_filed(entry, suspicion) for entry, suspicion in doubtful[:3]]
        if not near[position][1]:
            findings.append(TOO_MANY)
        answer = Answer()
        if counts:
            answer = ask_for_colleagues_file(actor, Question("", person.surname, person.given, person.born))
        elif person.born is not None and person.born.value in elsewhere:
            known = announce_colleagues_file(
                actor, surname=person.surname, given=person.given, born=person.born
            )
            answer = Answer(*known) if known else answer
        if answer.announcement is not None:
            values = {"manager": answer.announcement.manager}
            findings.append(Finding(Level.DUPLICATE, FindingCode.DUPLICATE_COLLEAGUE, None, values))
        if answer.pause:
            findings.append(Finding(Level.HINT, FindingCode.NOT_ASKED, None, {"pause": answer.pause}))
        if findings:
            found[position] = tuple(findings)
    return found


def _hits(person: PersonTraits, filed: Iterable[_Filed]) -> list[tuple[_Filed, Suspicion]]:
    return [(entry, suspicion) for entry in filed if (suspicion := _alike(entry.traits, person))]


def _open_to_doubt(
    hits: Sequence[tuple[_Filed, Suspicion]], apart: Mapping[int, frozenset[int]]
) -> Iterator[tuple[_Filed, Suspicion]]:
    """The hits without the files that were told apart from the one that surely is this person."""
    files = [(entry.key, suspicion) for entry, suspicion in hits if entry.key is not None]
    left = {key for key, _suspicion in without_dismissed(files, apart)}
    return ((entry, suspicion) for entry, suspicion in hits if entry.key is None or entry.key in left)


def _same_as_filed(entry: _Filed, suspicion: Suspicion) -> Finding:
    code = FindingCode.DUPLICATE_INBOX if entry.in_inbox else FindingCode.DUPLICATE_FILE
    values = {
        "reasons": " ".join(reason.value for reason in suspicion.reasons),
        "score": str(suspicion.score),
        "case_number": "" if entry.in_inbox else entry.case_no,
    }
    if entry.file is not None:
        values["client"] = str(entry.file[1])
    if not entry.in_inbox and entry.traits.born is not None:
        values["born"] = str(entry.traits.born)
    return Finding(Level.DUPLICATE, code, None, values)


def _alike(filed: PersonTraits, person: PersonTraits) -> Suspicion | None:
    """A suspicion, also for two entries that say the same little: "Hussein, born 1979" comes again next week."""
    if differ_in_digits(filed, person):
        return None
    if filed.folded == person.folded and filed.born is not None and filed.born == person.born:
        return Suspicion(100, (DuplicateReason.SAME_NAME, DuplicateReason.SAME_BIRTH_DATE))
    return suspect(filed, person)


def _births_in_other_caseloads(actor: Actor, rows: Sequence[ReadRow]) -> frozenset[datetime.date]:
    """Which birth dates of the rows occur among colleagues' files at all; saves asking for each row."""
    born = {row.values.born.value for row in rows if row.values.born is not None}
    others = Client.objects.unscoped(reason="whether asking for a colleague's file makes sense")
    others = others.filter(municipality_id__in=scope_of(actor.user).municipalities, manager__isnull=False)
    others = others.exclude(manager_id__in=scope_of(actor.user).caseloads)
    found = others.filter(birth_date__in=born).values_list("birth_date", flat=True)
    return frozenset(day for day in found if day is not None)


def _filed(actor: Actor, batch: ImportBatch, sounds: frozenset[str]) -> Iterator[_Filed]:
    """What is filed of people whose name sounds like one of these at least in part."""
    own = ClientName.objects.visible_to(actor.user)
    waiting = ClientName.objects.unscoped(reason="the inbox one serves, of which only the likeness is told")
    waiting = waiting.filter(
        client__in=Client.objects.in_inbox_of(actor.user), client__municipality=batch.municipality
    )
    for names, in_inbox in ((own, False), (waiting, True)):
        points = ContactPoint.objects.unscoped(reason="numbers of the same files").current()
        points = points.filter(client__in=names.values("client")).exclude(kind=PointKind.EMAIL)
        numbers = dict(points.values_list("client_id", "normalised"))
        for client_id, keys, key, surname, given_name, case_no, born, precision in names.values_list(
            "client_id",
            "keys",
            "client__uuid",
            "surname",
            "given_name",
            "client__case_no",
            "client__birth_date",
            "client__birth_precision",
        ):
            if sounds.isdisjoint(keys.split()):
                continue
            birth = UncertainDate(born, Precision(precision)) if born else None
            traits = PersonTraits(surname, given_name, birth, numbers.get(client_id, ""))
            yield _Filed(case_no, in_inbox, traits, (client_id, key))
        relatives = Relative.objects.unscoped(reason="relatives of the same files").filter(
            client__in=names.values("client"), became=None
        )
        for surname, given_name, case_no, born, precision in relatives.values_list(
            "surname", "given_name", "client__case_no", "birth_date", "birth_precision"
        ):
            birth = UncertainDate(born, Precision(precision)) if born else None
            yield _Filed(case_no, in_inbox, PersonTraits(surname, given_name, birth))
