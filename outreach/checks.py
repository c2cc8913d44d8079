"""The checks of the present step in words, beside the ladder: address, number, language."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clients.choices import ReachKind, Reading
from clients.file_rows import Rows, page_rows
from clients.models import Client, ClientLanguage, ReachPeriod
from clients.rules.reach_periods import Kind, PeriodFact
from clients.services.reach import reach_facts
from outreach.rules import LadderView
from outreach.rules.checks import Check, Flaw, Known, Language, Way, checks_of


@dataclass(frozen=True, slots=True)
class Said:
    """One way of the present step: its name, whether a step counts today, and why not or in which languages."""

    way: str
    counts: bool
    text: str


def checks_for(view: LadderView, client: Client, rows: Rows, now: datetime.datetime) -> list[Said]:
    """What a step made today needs, for the file page; from rows it has read anyway.

    Args:
        view: the open ladder.
        client: its file.
        rows: the rows of this app's tables.
        now: the instant of the request.
    """
    return [_said(check) for check in checks_of(view.action, _known(client, rows, now))]


def _known(client: Client, rows: Rows, now: datetime.datetime) -> Known:
    on_record = [row for row in rows[ReachPeriod] if row.withdrawn_at is None]
    facts = reach_facts(on_record)
    held = {row.kind for row in on_record if row.since <= now and (row.until is None or now < row.until)}
    spoken = [row.language for row in page_rows(client)[ClientLanguage]]
    if client.preferred_language is not None:
        spoken.insert(0, client.preferred_language)
    languages = {language.code: Language(language.label, language.script) for language in spoken}
    return Known(
        address=_holds(facts, Kind.ACCOMMODATION, now),
        letter=_holds(facts, Kind.LETTER, now),
        email=_holds(facts, Kind.EMAIL, now),
        number=_holds(facts, Kind.PHONE, now),
        no_letters=ReachKind.NO_LETTERS in held,
        mail_returns=ReachKind.MAIL_RETURNS in held,
        no_calls=ReachKind.NO_CALLS in held,
        reads_nothing=_holds(facts, Kind.READS_NO_SCRIPT, now),
        languages=tuple(languages.values()),
        scripts=client.scripts if client.reading == Reading.SCRIPTS and client.scripts else None,
    )


def _holds(facts: list[PeriodFact], kind: Kind, now: datetime.datetime) -> bool:
    return any(fact.kind == kind and fact.covers(now) for fact in facts)


def _said(check: Check) -> Said:
    ways = {
        Way.LETTER: pgettext("ladder check", "Letter"),
        Way.CALL: pgettext("ladder check", "Call"),
        Way.VISIT: pgettext("ladder check", "Visit"),
    }
    if check.flaw is not None:
        return Said(ways[check.way], counts=False, text=_flaws()[check.flaw])
    fine = {
        Way.LETTER: _("address valid today, readable: %(languages)s")
        % {"languages": ", ".join(check.languages)},
        Way.CALL: _("number valid today; a message left needs a language of the client"),
        Way.VISIT: _("address known"),
    }
    return Said(ways[check.way], counts=True, text=fine[check.way])


def _flaws() -> Mapping[Flaw, str]:
    return {
        Flaw.NO_ADDRESS: _("would not count: no valid address is recorded for today"),
        Flaw.NO_LETTERS: _("would not count: no letters are wished"),
        Flaw.MAIL_RETURNS: _("would not count: mail came back from this address"),
        Flaw.NO_NUMBER: _("would not count: no valid number is recorded for today"),
        Flaw.NO_CALLS: _("would not count: no calls are wished"),
        Flaw.NO_SCRIPT: _("would not count: the person reads no script"),
        Flaw.OTHER_SCRIPT: _("would not count: none of the recorded languages is in a script that is read"),
        Flaw.NO_LANGUAGE: _(
            "counts only with the tick “German and English are understood”: no language is recorded"
        ),
    }
