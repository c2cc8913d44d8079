"""A policy version in sentences, and what would be due under it: for whoever enters it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.rules import LadderPolicy
from outreach.rules.examples import Due, Example, History, examples
from outreach.wording import action_word
from ui.dates import date_de


@dataclass(frozen=True, slots=True)
class ExampleSaid:
    """One invented history in words: what happened, and each step with its day."""

    title: str
    steps: tuple[tuple[str, str], ...]


def sentences(policy: LadderPolicy) -> list[str]:
    """What the thresholds mean, one sentence each, in the order of the ladder."""
    return [*_first(policy), *_visits(policy), *_afterwards(policy)]


def _working(count: int) -> str:
    return ngettext("%(count)s working day", "%(count)s working days", count) % {"count": count}


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def _first(policy: LadderPolicy) -> Iterator[str]:
    yield _("The ladder holds from the age of %(age)s on.") % {"age": policy.min_age}
    yield _(
        "After a missed appointment there are %(days)s for the first letter or call; after a file was taken, "
        "%(taken)s."
    ) % {"days": _working(policy.step1_due_wd), "taken": _working(policy.first_contact_due_wd)}
    yield _(
        "After a letter one waits %(letter)s, after a call %(call)s; then there are %(due)s for the other way."
    ) % {
        "letter": _working(policy.step2_after_letter_wd),
        "call": _working(policy.step2_after_call_wd),
        "due": _working(policy.step2_due_wd),
    }
    yield _("A letter that invites to a date waits %(days)s longer than that date.") % {
        "days": _working(policy.invitation_hold_wd)
    }


def _visits(policy: LadderPolicy) -> Iterator[str]:
    yield _(
        "After the second attempt one waits %(wait)s; counted from it, there are %(due)s for the home visit."
    ) % {"wait": _working(policy.visit_after_wd), "due": _working(policy.visit_due_wd)}
    if policy.visit_announced:
        yield _("The home visit is announced %(days)s before.") % {
            "days": _working(policy.visit_announced_wd)
        }
    else:
        yield _("The home visit is not announced.")
    yield _(
        "After the first visit one waits %(wait)s; counted from it, there are %(due)s for the second visit."
    ) % {"wait": _days(policy.visit2_after_days), "due": _days(policy.visit2_due_days)}
    if policy.fast_lane:
        yield ngettext(
            "Two unexcused no-shows within %(count)s month lead straight to the home visit.",
            "Two unexcused no-shows within %(count)s months lead straight to the home visit.",
            policy.fast_lane_months,
        ) % {"count": policy.fast_lane_months}
    else:
        yield _("Two unexcused no-shows change nothing in the order of the steps.")


def _afterwards(policy: LadderPolicy) -> Iterator[str]:
    yield _(
        "%(decide)s after the card it is to be decided whether to look again; %(again)s after it there is one more "
        "attempt, with %(due)s of time."
    ) % {
        "decide": _days(policy.decide_after_days),
        "again": _days(policy.recheck_after_days),
        "due": _working(policy.recheck_due_wd),
    }
    yield _("%(days)s after that attempt closing is proposed.") % {"days": _working(policy.close_after_wd)}
    yield _("%(days)s after a talk it is asked whether a new appointment is needed.") % {
        "days": _days(policy.question_after_days)
    }


def examples_said(policy: LadderPolicy, since: datetime.date) -> list[ExampleSaid]:
    """The three invented histories in words.

    Args:
        policy: the thresholds entered.
        since: from which day on the version holds.
    """
    return [
        ExampleSaid(_title(example), tuple((_what(step), _when(step)) for step in example.steps))
        for example in examples(policy, since)
    ]


def _title(example: Example) -> str:
    titles = {
        History.NO_SHOW: _("A missed appointment on %(day)s, and no answer"),
        History.FIRST_CONTACT: _("A file taken on %(day)s, and no answer"),
        History.FAST_LANE: _("A second appointment missed on %(day)s, and no answer"),
    }
    return titles[example.history] % {"day": date_de(example.began_on)}


def _what(step: Due) -> str:
    return action_word(step.action)


def _when(step: Due) -> str:
    said = [_("due on %(day)s") % {"day": date_de(step.due_on)}]
    if step.not_before is not None and step.not_before < step.due_on:
        said.insert(0, _("from %(day)s on") % {"day": date_de(step.not_before)})
    if step.announce_by is not None:
        said.append(_("to be announced by %(day)s") % {"day": date_de(step.announce_by)})
    return ", ".join(said)
