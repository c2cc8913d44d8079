"""What an entry said until somebody corrected, prolonged or took it back stays readable in its history."""

from typing import Any

from accounts.actor import Actor
from clients.choices import RevisionKind
from clients.models import Accommodation, DatedFact, FactRevision, Residence
from clients.models.revisions import ACCOMMODATION, RESIDENCE

FACT_FIELDS = ("value", "detail", "source", "since", "since_precision", "until", "until_precision")
RESIDENCE_FIELDS = ("status", "since", "printed_until", "continues_until")
ADDRESS_FIELDS = ("kind", "name", "street", "postcode", "town", "quarter", "since")


def _differs(former: Any, entry: Any, names: tuple[str, ...]) -> bool:
    return any(getattr(former, name) != getattr(entry, name) for name in names)


def _keep(by: Actor, former: Any, kind: str, how: RevisionKind, **said: Any) -> None:
    FactRevision.objects.create(
        client=former.client, kind=kind, entry=former.uuid, how=how, at=by.now, by=by.user, **said
    )


def keep_fact(by: Actor, former: DatedFact, entry: DatedFact | None, *, how: RevisionKind) -> None:
    """Keep what a fact said, unless it says the same still.

    Args:
        by: who changes it, at the instant under the locks.
        former: the fact as it was stored.
        entry: as it is now, None when it is taken back.
        how: why.
    """
    if entry is None or _differs(former, entry, FACT_FIELDS):
        _keep(by, former, former.kind, how, **{name: getattr(former, name) for name in FACT_FIELDS})


def keep_residence(by: Actor, former: Residence, entry: Residence | None, *, how: RevisionKind) -> None:
    """The same for a residence status."""
    if entry is None or _differs(former, entry, RESIDENCE_FIELDS):
        said = {name: getattr(former, name) for name in RESIDENCE_FIELDS}
        _keep(by, former, RESIDENCE, how, until=former.ended_on, **said)


def keep_accommodation(by: Actor, former: Accommodation, entry: Accommodation, *, how: RevisionKind) -> None:
    """The same for an accommodation; that letters come back is news and no correction."""
    if _differs(former, entry, ADDRESS_FIELDS):
        where = [former.get_kind_display(), *former.address_lines]
        _keep(
            by,
            former,
            ACCOMMODATION,
            how,
            detail=", ".join(str(part) for part in where if part),
            since=former.since,
            until=former.until,
        )
