"""Invariants of dated facts over generated histories (rules.md §12)."""

import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from clients.rules.periods import ONE_DAY, Clash, Fit, PeriodClash, Span, add, correct

FIRST = datetime.date(2018, 1, 1)
TODAY = FIRST + datetime.timedelta(days=30)
DAYS = st.integers(0, 60).map(lambda n: FIRST + datetime.timedelta(days=n))
ENDS = st.none() | DAYS
ENTRIES = st.lists(st.tuples(DAYS, ENDS), min_size=1, max_size=8)


def day(number: int) -> datetime.date:
    return FIRST + datetime.timedelta(days=number)


def after(fit: Fit, spans: list[Span]) -> list[Span]:
    """The spans with what a fit changes."""
    moved = {span.key: span for span in fit.moved}
    return [*(moved.get(span.key, span) for span in spans), fit.span]


def recorded(entries: list[tuple[datetime.date, datetime.date | None]]) -> list[Span]:
    """What is in the file after these entries, refused ones left out."""
    spans: list[Span] = []
    for key, (since, until) in enumerate(entries):
        try:
            spans = after(add(Span(since, until, key), spans, TODAY), spans)
        except PeriodClash:
            continue
    return spans


def holding(spans: list[Span], on: datetime.date) -> list[int]:
    return [span.key for span in spans if span.covers(on)]


@given(ENTRIES)
def test_at_most_one_value_holds_on_any_day_and_no_period_is_reversed(entries):
    spans = recorded(entries)
    for number in range(70):
        assert len(holding(spans, day(number))) <= 1
    assert all(span.until is None or span.since <= span.until for span in spans)


@given(ENTRIES, DAYS)
def test_a_new_value_holds_from_its_day_and_changes_nothing_before_it(entries, since):
    spans = recorded(entries)
    try:
        fit = add(Span(since, None, "new"), spans, TODAY)
    except PeriodClash:
        return
    then = after(fit, spans)
    assert holding(then, since) == ["new"]
    for number in range(70):
        if day(number) < since:
            assert holding(then, day(number)) == holding(spans, day(number))


@given(ENTRIES, DAYS, ENDS)
def test_what_begins_later_stays_as_it_is(entries, since, until):
    spans = recorded(entries)
    try:
        fit = add(Span(since, until, "new"), spans, TODAY)
    except PeriodClash:
        return
    later = [span for span in spans if span.since > since]
    assert all(span in after(fit, spans) for span in later)


@given(ENTRIES, DAYS, ENDS, st.integers(0, 7))
def test_a_correction_never_makes_two_values_hold(entries, since, until, which):
    spans = recorded(entries)
    assume(spans)
    old = spans[which % len(spans)]
    others = [span for span in spans if span.key != old.key]
    try:
        fit = correct(old, Span(since, until, old.key), others)
    except PeriodClash:
        return
    then = after(fit, others)
    for number in range(70):
        assert len(holding(then, day(number))) <= 1


@given(ENTRIES, st.integers(0, 7))
def test_a_correction_that_changes_no_day_moves_nothing(entries, which):
    spans = recorded(entries)
    assume(spans)
    old = spans[which % len(spans)]
    others = [span for span in spans if span.key != old.key]
    assert correct(old, old, others) == Fit(old)


@pytest.mark.parametrize(
    ("new", "clash", "at"),
    [
        (Span(day(20), day(10)), Clash.REVERSED, "until"),
        (Span(day(10)), Clash.SAME_DAY, "since"),
        (Span(day(12)), Clash.STILL_HOLDS, "since"),
        (Span(day(42), day(45)), Clash.RUNS_INTO, "until"),
        (Span(day(5), day(15)), Clash.RUNS_INTO, "until"),
    ],
)
def test_what_overlaps_is_refused_at_the_wrong_day(new, clash, at):
    known = [Span(day(10), day(14), "former"), Span(day(43), None, "planned")]
    with pytest.raises(PeriodClash) as refused:
        add(new, known, TODAY)
    assert (refused.value.clash, refused.value.at) == (clash, at)


def test_a_period_that_is_over_does_not_end_what_still_holds():
    with pytest.raises(PeriodClash) as refused:
        add(Span(day(5), day(9)), [Span(day(0), None, "present")], TODAY)
    assert refused.value.clash is Clash.LIES_WITHIN


def test_a_value_learned_late_ends_when_the_known_one_begins():
    assert add(Span(day(3)), [Span(day(10))], TODAY).span == Span(day(3), day(9))


def test_a_change_before_a_planned_one_holds_until_that():
    present, planned = Span(day(0), day(39), "present"), Span(day(40), None, "planned")
    fit = add(Span(day(35), None, "new"), [present, planned], TODAY)
    assert fit.span == Span(day(35), day(39), "new")
    assert fit.moved == (Span(day(0), day(34), "present"),)


@pytest.mark.parametrize("number", [5, 15])
def test_a_corrected_beginning_takes_the_end_of_the_former_value_with_it(number):
    former, old = Span(day(0), day(9), "former"), Span(day(10), None, "old")
    fit = correct(old, Span(day(number), None, "old"), [former])
    assert fit.moved == (Span(day(0), day(number) - ONE_DAY, "former"),)
