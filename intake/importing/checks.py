"""Compare the rows of a list with each other, and what is proposed for each person.

Pure: rows in, findings and proposals out, ``today`` passed in. A suspicion never keeps a row from being imported.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.rules.dates import UncertainDate, is_at_least
from clients.rules.duplicates import Crowd, PersonTraits, Suspicion, suspect, suspected_among
from intake.importing.findings import Finding, FindingCode, Level
from intake.importing.people import ReadRow

OWN_FILE_AGE = 16
ADULT_AGE = 18
# Who stands in a list more often than that is not read one by one.
MOST_SUSPECTED = 5


class Decision(models.TextChoices):
    """What becomes of a row."""

    OWN_FILE = "own_file", _("Own file")
    RELATIVE = "relative", _("Co-counselled relative")
    LEAVE_OUT = "leave_out", _("Leave out")


@dataclass(frozen=True)
class Proposal:
    """What is proposed for a row; ``head`` is the position of the person a relative belongs to."""

    decision: Decision
    head: int | None = None


# "Kind 1", "Kind II", "Zwilling B": an office that knew no name.
_DIGITS = re.compile(
    r"\d+|(?<![^\W\d_])(?:kind|baby|zwilling|sohn|tochter|säugling|nn|n\.n\.)[\s.,-]+([a-z]|[ivx]+)\b",
    re.IGNORECASE,
)
TOO_MANY = Finding(Level.HINT, FindingCode.TOO_MANY_ALIKE)


def duplicates_in_list(
    rows: Sequence[ReadRow], start: int = 0, stop: int | None = None
) -> dict[int, tuple[Finding, ...]]:
    """Suspected repetitions within the list by position; both rows of a pair are marked.

    Args:
        start, stop: judge only the pairs whose later row stands in this range.
    """
    found: defaultdict[int, list[Finding]] = defaultdict(list)
    people = [row.values.traits for row in rows]
    for later, hits, is_complete in suspected_among(people, start, stop):
        _mark_likely(found, rows, later, hits, is_complete)
    return {position: tuple(findings) for position, findings in found.items()}


def duplicates_of_row(rows: Sequence[ReadRow], position: int) -> dict[int, tuple[Finding, ...]]:
    """What ``duplicates_in_list`` says about the pairs of one row: after a correction the others stay as
    they are."""
    found: defaultdict[int, list[Finding]] = defaultdict(list)
    person = rows[position].values.traits
    crowd: Crowd[int] = Crowd()
    for other, row in enumerate(rows):
        if other != position:
            crowd.add(other, row.values.traits)
    compared, is_complete = crowd.near(person)
    asked = ((other, suspect(rows[other].values.traits, person)) for other in compared)
    _mark_likely(found, rows, position, [(other, hit) for other, hit in asked if hit], is_complete)
    return {place: tuple(findings) for place, findings in found.items()}


def _mark_likely(
    found: defaultdict[int, list[Finding]],
    rows: Sequence[ReadRow],
    position: int,
    hits: Sequence[tuple[int, Suspicion]],
    is_complete: bool,
) -> None:
    # The nearest among equals, so that not every row of a crowd points at the first.
    hits = [
        hit for hit in hits if not differ_in_digits(rows[hit[0]].values.traits, rows[position].values.traits)
    ]
    likely = sorted(hits, key=lambda hit: (-hit[1].score, -hit[0]))[:MOST_SUSPECTED]
    for other, suspicion in sorted(likely, key=lambda hit: hit[0]):
        _mark_pair(found, rows, other, position, suspicion)
    if not is_complete or len(hits) > len(likely):
        found[position].append(TOO_MANY)


def _mark_pair(
    found: defaultdict[int, list[Finding]],
    rows: Sequence[ReadRow],
    one: int,
    other: int,
    suspicion: Suspicion,
) -> None:
    reasons = " ".join(reason.value for reason in suspicion.reasons)
    for position, repeated in ((one, other), (other, one)):
        values = {"row": rows[repeated].label, "position": str(repeated), "reasons": reasons}
        values["score"] = str(suspicion.score)
        found[position].append(Finding(Level.DUPLICATE, FindingCode.DUPLICATE_IN_LIST, None, values))


def digits_of(person: PersonTraits) -> tuple[str, ...]:
    """The numbers in a name: "Kind 1" and "Kind 2" are told apart by nothing else."""
    found = _DIGITS.finditer(f"{person.surname} {person.given}")
    return tuple((match[1] or match[0]).casefold() for match in found)


def differ_in_digits(one: PersonTraits, other: PersonTraits) -> bool:
    """Whether two names carry different numbers; then they are two persons."""
    return digits_of(one) != digits_of(other)


def repeated_rows(rows: Sequence[ReadRow]) -> frozenset[int]:
    """Positions of rows that say nothing else than an earlier importable one about name, birth, gender and number.

    Twins have one date of birth and often names that sound alike, so a name must be the same to the letter.
    """
    seen: defaultdict[tuple[str, str, UncertainDate], set[tuple[str, str]]] = defaultdict(set)
    repeated: set[int] = set()
    for position, row in enumerate(rows):
        traits = row.values.traits
        if row.has_error or traits.born is None or not all(traits.folded) or traits.born.is_placeholder:
            continue
        mine = (row.values.gender, row.values.external_number)
        alike = seen[(traits.surname.casefold(), traits.given.casefold(), traits.born)]
        # What one row leaves open contradicts nothing in another.
        if any(
            all(one in (other, "") or not other for one, other in zip(mine, said, strict=True))
            for said in alike
        ):
            repeated.add(position)
        alike.add(mine)
    return frozenset(repeated)


def family_heads(rows: Sequence[ReadRow], left_out: Iterable[int], today: date) -> dict[str, int]:
    """The position of each family's head: marked as such, else the first adult, else the first from 16 on."""
    out = frozenset(left_out)
    best: dict[str, tuple[int, int]] = {}
    for position, row in enumerate(rows):
        values = row.values
        if not values.family_key or row.has_error or position in out:
            continue
        if not is_at_least(values.born, OWN_FILE_AGE, today):
            continue
        rank = 0 if values.family_head else 1 if is_at_least(values.born, ADULT_AGE, today) else 2
        if values.family_key not in best or rank < best[values.family_key][0]:
            best[values.family_key] = (rank, position)
    return {key: position for key, (_rank, position) in best.items()}


def propose(rows: Sequence[ReadRow], today: date, filed: Iterable[int] = ()) -> tuple[Proposal, ...]:
    """What is proposed for each row, in order.

    Rows with errors, literal repetitions and people who have a file are left out; who is under 16 on the day
    of import becomes a co-counselled relative of the family's head (no own file before 16); everybody else
    gets an own file.

    Args:
        filed: positions of people with a file of the same name and date of birth.
    """
    left_out = {position for position, row in enumerate(rows) if row.has_error}
    left_out |= repeated_rows(rows) | frozenset(filed)
    heads = family_heads(rows, left_out, today)
    proposals: list[Proposal] = []
    for position, row in enumerate(rows):
        head = heads.get(row.values.family_key)
        if position in left_out:
            proposals.append(Proposal(Decision.LEAVE_OUT))
        elif head is not None and not is_at_least(row.values.born, OWN_FILE_AGE, today):
            proposals.append(Proposal(Decision.RELATIVE, head))
        else:
            proposals.append(Proposal(Decision.OWN_FILE))
    return tuple(proposals)


def stands_alone(row: ReadRow, proposal: Proposal, today: date) -> bool:
    """Whether a child gets an own file because its family on the list has no head."""
    return proposal.decision is Decision.OWN_FILE and not is_at_least(row.values.born, OWN_FILE_AGE, today)
