"""Which days of an absence are covered by a stand-in, and which are not (rules.md §4)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Absence, Role, StandIn
from accounts.rules.days import Days, uncovered
from ui.dates import span


@dataclass(frozen=True, slots=True)
class CoveredPeriod:
    """Days on which a substitute is there."""

    substitute: str
    days: Days


@dataclass(frozen=True, slots=True)
class AbsenceCoverage:
    """One absence from a day on: who stands in when, and the days nobody does.

    ``also_away`` names those who should stand in on such days and are absent themselves.
    """

    absence: Absence
    parts: Sequence[CoveredPeriod]
    gaps: Sequence[Days]
    also_away: Sequence[str]

    def is_missing_on(self, day: datetime.date) -> bool:
        """Whether nobody stands in on a day."""
        return any(gap.first <= day <= gap.last for gap in self.gaps)

    def gap_text(self, today: datetime.date) -> str:
        """The days without a stand-in: 08.–11.12., 18.12."""
        return ", ".join(span(gap.first, gap.last, today) for gap in self.gaps)

    def text(self, today: datetime.date) -> str:
        """Who stands in when, and when nobody does; empty when nobody has to."""
        parts = "; ".join(
            f"{part.substitute}, {span(part.days.first, part.days.last, today)}" for part in self.parts
        )
        values = {"parts": parts, "days": self.gap_text(today)}
        if parts and self.gaps:
            text = _("Stand-in: %(parts)s; without a stand-in: %(days)s") % values
        elif self.gaps:
            text = _("Without a stand-in: %(days)s") % values
        else:
            text = _("Stand-in: %(parts)s") % values if parts else ""
        return " · ".join([text, *self.away_texts]) if text else ""

    @property
    def away_texts(self) -> list[str]:
        """A sentence for everybody who should stand in on such days and is absent herself."""
        return [_("%(name)s is absent, too") % {"name": name} for name in self.also_away]


def absence_coverages(absences: Iterable[Absence], today: datetime.date) -> list[AbsenceCoverage]:
    """What stand-ins leave of absences from ``today`` on; two queries, however many there are.

    A stand-in counts while the substitute can work: an account that was deactivated covers nothing, and neither do
    the days on which she is absent herself, for nobody but her sees those files.

    Args:
        absences: with their users loaded where names are asked for.
        today: local date; earlier days are left out.
    """
    rows = list(absences)
    if not rows:
        return []
    stand_ins = _stand_ins({row.user_id for row in rows}, today)
    away = _away({row.substitute_id for found in stand_ins.values() for row in found}, today)
    return [_cover(row, stand_ins.get(row.user_id, ()), away, today) for row in rows]


def left_uncovered(absence: Absence, today: datetime.date) -> list[tuple[str, str]]:
    """For whom the absent manager was to stand in, and on which of her days nobody does then.

    Args:
        absence: entered already, so that it counts.
        today: local date; earlier days are left out.

    Returns:
        Names and days: ("Jana Rehbaum", "08.–11.12.").
    """
    promised = (
        StandIn.objects.unscoped(reason="whose stand-in is away")
        .not_over_on(today)
        .filter(substitute=absence.user_id, absent__is_active=True, absent__role=Role.MANAGER)
        .select_related("absent")
        .order_by("since", "pk")
    )
    shared = [(row.absent, row.days.within(absence.days)) for row in promised]
    asked = [Absence(user=user, since=days.first, until=days.last) for user, days in shared if days]
    return [
        (str(cover.absence.user), cover.gap_text(today))
        for cover in absence_coverages(asked, today)
        if cover.gaps
    ]


def _stand_ins(absent: Collection[int], today: datetime.date) -> Mapping[int, Sequence[StandIn]]:
    found: dict[int, list[StandIn]] = defaultdict(list)
    rows = (
        StandIn.objects.unscoped(reason="whether a day is covered by a stand-in")
        .not_over_on(today)
        .filter(absent__in=absent, substitute__is_active=True)
        .filter(substitute__role=Role.MANAGER, substitute__is_superuser=False)
        .select_related("substitute")
        .order_by("since", "pk")
    )
    for row in rows:
        found[row.absent_id].append(row)
    return found


def _away(substitutes: Collection[int], today: datetime.date) -> Mapping[int, Sequence[Days]]:
    found: dict[int, list[Days]] = defaultdict(list)
    rows = Absence.objects.unscoped(reason="an absent manager does not stand in")
    for row in rows.not_over_on(today).filter(user__in=substitutes):
        found[row.user_id].append(row.days)
    return found


def _cover(
    absence: Absence,
    stand_ins: Sequence[StandIn],
    away: Mapping[int, Sequence[Days]],
    today: datetime.date,
) -> AbsenceCoverage:
    asked = Days(max(absence.since, today), absence.days.last)
    parts: list[CoveredPeriod] = []
    promised: list[CoveredPeriod] = []
    for row in stand_ins:
        days = row.days.within(asked)
        if days is None:
            continue
        promised.append(CoveredPeriod(str(row.substitute), days))
        parts += [
            CoveredPeriod(str(row.substitute), there)
            for there in days.without(away.get(row.substitute_id, ()))
        ]
    gaps = uncovered(asked, [part.days for part in parts])
    also_away = [part.substitute for part in promised if any(part.days.within(gap) for gap in gaps)]
    return AbsenceCoverage(
        absence, sorted(parts, key=lambda part: part.days), gaps, list(dict.fromkeys(also_away))
    )
