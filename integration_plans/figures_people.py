"""Need and agreements per module: protected for officers, exact for managers (rules.md §8)."""

import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from clients.figures import FilesOverTime
from clients.figures_people import Attribute, Labelled, Values
from clients.querysets import ClientQuerySet
from integration_plans.choices import AgreementOutcome, Need
from integration_plans.models import AssessmentEntry, GoalContent, MeasureContent, Module

_COARSE = {
    "low": (_("no or low need"), (Need.NONE, Need.LOW)),
    "high": (_("medium to acute need"), (Need.MEDIUM, Need.HIGH, Need.ACUTE)),
}
"""A municipality sees only whether a person needs help; the district also sees how much."""


def attributes(day: datetime.date) -> list[Attribute]:
    """The need in every module in use on a day."""
    word = Labelled.of("need", _("Need"))
    levels = [Labelled.of(str(need.value), need.label) for need in Need]
    groups = [Labelled.of(code, text) for code, (text, _needs) in _COARSE.items()]
    group_of = {str(need.value): code for code, (_text, needs) in _COARSE.items() for need in needs}
    return [
        Attribute(
            Labelled(
                f"need_{module.code}",
                f"{word.de}: {module.label_de}",
                f"{word.en}: {module.label_en or module.label_de}",
            ),
            levels,
            partial(_levels, module.pk),
            coarse=(group_of, groups),
            rank={str(need.value): -need.value for need in Need},
        )
        for module in Module.objects.valid_on(day)
    ]


def modules() -> list[Labelled]:
    """The rows of tables by module; one that is no longer in use keeps its row."""
    return [Labelled.row(module) for module in Module.objects.all()]


def goals_agreed(
    files: FilesOverTime, first: datetime.date, last: datetime.date
) -> list[tuple[int, str, int, int]]:
    """Goals of versions agreed in a period: key of the goal, leading module, file, municipality.

    A goal that was agreed again counts once, in the module it had last.
    """
    rows = GoalContent.objects.unscoped(reason="figures")
    return _agreed(rows, "plan", ("goal_id", "module__code"), files, first, last)


def measures_agreed(
    files: FilesOverTime, first: datetime.date, last: datetime.date
) -> list[tuple[int, str, int, int]]:
    """The same for measures, in the leading module of their goal."""
    rows = MeasureContent.objects.unscoped(reason="figures")
    return _agreed(
        rows, "goal_content__plan", ("measure_id", "goal_content__module__code"), files, first, last
    )


def _agreed(
    rows: Any,
    version: str,
    columns: tuple[str, str],
    files: FilesOverTime,
    first: datetime.date,
    last: datetime.date,
) -> list[tuple[int, str, int, int]]:
    agreed = rows.filter(
        **{
            f"{version}__agreed_on__range": (first, last),
            f"{version}__outcome__in": (AgreementOutcome.SIGNED, AgreementOutcome.ORAL),
        }
    )
    placed = files.placed(agreed, f"{version}__agreed_on", f"{version}__client")
    in_turn = placed.order_by(f"{version}__number", "id")
    return list(in_turn.values_list(*columns, f"{version}__client_id", "belonged_to"))


def _levels(module: int, files: ClientQuerySet, day: datetime.date) -> Values:
    """The level found last; a module not spoken of since keeps it."""
    entries = AssessmentEntry.objects.unscoped(reason="figures").filter(
        module_id=module, level__isnull=False, assessment__client__in=files, assessment__assessed_on__lte=day
    )
    rows = entries.order_by("assessment__assessed_on", "assessment_id")
    return {key: str(level) for key, level in rows.values_list("assessment__client_id", "level")}
