from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from clients.choices import Intensity
from integration_plans.rules.intensity import (
    UNASSESSED,
    IntensityRule,
    ModuleNeed,
    assessment_due_on,
    explain,
    interval_broken_from,
    next_review_on,
    propose,
    weight,
)

RULE = IntensityRule()
ORDER = [UNASSESSED, Intensity.PUNCTUAL, Intensity.REGULAR, Intensity.INTENSIVE, Intensity.CRISIS]
LABELS = {"finance": "Finanzen", "family": "Familie", "education": "Bildung", "health": "Gesundheit"}


def needs(**levels: int | None) -> list[ModuleNeed]:
    return [
        ModuleNeed(
            code=code,
            label=label,
            level=levels.get(code),
            acute_means_crisis=code != "education",
            sensitive=code == "health",
        )
        for code, label in LABELS.items()
    ]


def level_for(**levels: int | None) -> str:
    return propose(needs(**levels), RULE).level


def german(*, name_sensitive: bool = True, **levels: int | None) -> str:
    with translation.override("de"):
        return explain(propose(needs(**levels), RULE), name_sensitive=name_sensitive)


def test_acute_in_a_crisis_module_proposes_crisis():
    assert level_for(finance=4) == Intensity.CRISIS


def test_acute_elsewhere_proposes_intensive():
    assert level_for(education=4) == Intensity.INTENSIVE


def test_two_high_propose_intensive():
    assert level_for(finance=3, education=3) == Intensity.INTENSIVE


def test_one_high_proposes_regular():
    assert level_for(finance=3, family=0, education=1, health=1) == Intensity.REGULAR


def test_two_medium_propose_regular():
    assert level_for(finance=2, education=2) == Intensity.REGULAR


def test_one_medium_and_low_elsewhere_propose_punctual_because_levels_are_never_summed():
    assert level_for(finance=2, family=1, education=1, health=1) == Intensity.PUNCTUAL


def test_no_need_anywhere_is_punctual_and_not_unassessed():
    assert level_for(finance=0) == Intensity.PUNCTUAL


def test_all_modules_not_discussed_means_not_yet_assessed():
    assert level_for() == UNASSESSED


def test_a_changed_threshold_changes_the_proposal_and_is_named():
    proposal = propose(needs(finance=3, education=3), IntensityRule(version=2, intensive_from_high=3))
    assert (proposal.level, proposal.rule_version) == (Intensity.REGULAR, 2)


levels = st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=4, max_size=4)


@given(levels, st.integers(0, 3), st.integers(0, 4))
def test_discussing_a_missing_module_can_only_raise_the_level(values, position, found):
    before = dict(zip(LABELS, values, strict=True))
    before[list(LABELS)[position]] = None
    after = before | {list(LABELS)[position]: found}
    assert ORDER.index(level_for(**after)) >= ORDER.index(level_for(**before))


@given(levels, st.randoms())
def test_the_order_of_modules_does_not_matter(values, random):
    found = needs(**dict(zip(LABELS, values, strict=True)))
    shuffled = random.sample(found, len(found))
    assert propose(found, RULE).level == propose(shuffled, RULE).level


@given(levels)
def test_every_proposal_can_be_explained_with_and_without_the_right_to_see_health(values):
    found = dict(zip(LABELS, values, strict=True))
    assert german(**found)
    assert "Gesundheit" not in german(name_sensitive=False, **found)


def test_the_words_name_two_high_modules():
    assert german(finance=3, family=1, education=3) == (
        "Vorschlag „intensiv“, weil zwei Bausteine bei hoch liegen (Finanzen, Bildung). "
        "3 von 4 Bausteinen ermittelt; der fehlende könnte die Stufe nur erhöhen."
    )


def test_the_words_name_the_crisis_module():
    assert german(finance=1, family=1, education=1, health=4) == (
        "Vorschlag „Krise“, weil ein Baustein, bei dem akut Krise bedeutet, bei akut liegt (Gesundheit). "
        "4 von 4 Bausteinen ermittelt."
    )


def test_the_words_do_not_promise_more_than_crisis():
    assert german(family=4).endswith("1 von 4 Bausteinen ermittelt; eine höhere Stufe gibt es nicht.")


def test_the_words_name_the_missing_modules_in_the_plural():
    assert german(education=2).endswith(
        "weil nur ein Baustein bei mittel liegt (Bildung). "
        "1 von 4 Bausteinen ermittelt; die fehlenden könnten die Stufe nur erhöhen."
    )


def test_the_words_say_when_nothing_is_above_low():
    assert german(finance=1, family=0, education=1, health=0).startswith(
        "Vorschlag „punktuell“, weil kein Baustein über gering liegt."
    )


def test_the_words_say_when_nothing_was_assessed():
    assert german() == ("Noch ist kein Baustein ermittelt, die Intensität bleibt „noch nicht ermittelt“.")


def test_without_the_right_the_sensitive_module_is_counted_but_not_named():
    assert "zwei Bausteine bei hoch liegen (Finanzen, ein geschützter Baustein)" in german(
        name_sensitive=False, finance=3, health=3
    )


@pytest.mark.parametrize(
    ("level", "broken_from"),
    [
        (Intensity.CRISIS, date(2018, 3, 9)),
        (Intensity.INTENSIVE, date(2018, 4, 1)),
        (Intensity.REGULAR, date(2018, 5, 31)),
        (UNASSESSED, date(2018, 5, 31)),
        (Intensity.PUNCTUAL, None),
    ],
)
def test_the_interval_is_broken_from_the_last_talk_plus_n_plus_one_days(level, broken_from):
    assert (
        interval_broken_from(level, last_talk_on=date(2018, 3, 1), resumed_on=None, rule=RULE) == broken_from
    )


def test_before_the_first_talk_no_interval_is_broken():
    assert interval_broken_from(UNASSESSED, last_talk_on=None, resumed_on=date(2018, 1, 1), rule=RULE) is None


def test_after_a_pause_the_interval_counts_from_the_resume():
    assert interval_broken_from(
        Intensity.CRISIS, last_talk_on=date(2018, 1, 1), resumed_on=date(2018, 3, 1), rule=RULE
    ) == date(2018, 3, 9)


def test_a_talk_after_the_resume_counts():
    assert interval_broken_from(
        Intensity.CRISIS, last_talk_on=date(2018, 3, 5), resumed_on=date(2018, 3, 1), rule=RULE
    ) == date(2018, 3, 13)


def test_the_first_assessment_is_due_ninety_days_after_the_first_talk_on_a_working_day():
    assert assessment_due_on(date(2018, 3, 1), RULE) == date(2018, 5, 30)
    # The ninetieth day is Sunday, 3 June; that of the next is Corpus Christi, Thursday, 31 May.
    assert assessment_due_on(date(2018, 3, 5), RULE) == date(2018, 6, 4)
    assert assessment_due_on(date(2018, 3, 2), RULE) == date(2018, 6, 1)
    assert assessment_due_on(None, RULE) is None


@pytest.mark.parametrize(
    ("level", "review"),
    [
        (Intensity.CRISIS, date(2017, 12, 28)),
        (Intensity.INTENSIVE, date(2018, 2, 28)),
        (Intensity.REGULAR, date(2018, 5, 30)),
        (Intensity.PUNCTUAL, date(2018, 11, 30)),
    ],
)
def test_the_next_review_counts_weeks_or_calendar_months_from_the_confirmation(level, review):
    assert next_review_on(level, date(2017, 11, 30), RULE) == review


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Intensity.CRISIS, "4"),
        (Intensity.INTENSIVE, "3"),
        (Intensity.REGULAR, "1.5"),
        (Intensity.PUNCTUAL, "0.5"),
        (UNASSESSED, "1.5"),
    ],
)
def test_weights_per_level(level, expected):
    assert weight(level, paused=False, rule=RULE) == Decimal(expected)
    assert weight(level, paused=True, rule=RULE) == 0
