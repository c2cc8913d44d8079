"""What a residence status says beside its name: until when it is valid."""

import re
from dataclasses import dataclass
from datetime import date

from clients.rules.dates import DateInputError, Precision
from intake.importing.date_values import DateReading, parse

_DAY = re.compile(
    r"\d{1,2}\.\s*\d{1,2}\.\s*(?:\d{4}|\d{2})(?!\d)|\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?!\d)|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}\.?\s*(?!abs)[^\W\d_]{3,9}\.?\s*\d{4}|\d{1,2}[./]\d{4}"
)
_UNTIL = re.compile(
    r"(?:\bbis(?: zum)?|\bb\.|\buntil|\bgültig|\bgült\.|\bbefr\w*\.?|\bverl\w*\.?|[–-])[\s:]*$", re.IGNORECASE
)
_SINCE = re.compile(r"(?:\bab|\bseit|\bvom|\bv\.|\bvon|\berteilt|\bausgestellt|\bam)[\s:]*$", re.IGNORECASE)
_CONNECTING = re.compile(
    r"(?:[\s,;(:–-]|\b(?:bis(?: zum)?|until|gültig|gült|befr\w*|verl\w*|ab|seit|vom|von|v|b"
    r"|erteilt|ausgestellt|am)\b\.?)+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Permit:
    """The status in words, its last day, and a day beside it of which nobody knows what it means."""

    status: str
    until: date | None = None
    unclear: str = ""


def read_permit(text: str, today: date) -> Permit:
    """Take a status apart: "Duldung bis 31.12.2026", "Duldung (31.12.2026)", "Duldung v. 1.1.24 - 31.12.26".

    A day without "bis" is the last one when it lies ahead; one that has passed may be that of the paper.
    """
    days = list(_DAY.finditer(text))
    if not days:
        return Permit(text)
    status = _CONNECTING.sub("", text[: days[0].start()]).strip()
    last = days[-1]
    before = text[days[-2].end() if len(days) > 1 else 0 : last.start()]
    found = _exactly(last[0], today)
    is_said = bool(_UNTIL.search(before))
    if found is None or (not is_said and (_SINCE.search(before) or found < today)):
        return Permit(status, unclear=last[0])
    return Permit(status, found)


def _exactly(text: str, today: date) -> date | None:
    try:
        found = parse(text, DateReading.DAY_FIRST, today=today, ahead=True)
    except DateInputError:
        return None
    return found.value if found is not None and found.precision == Precision.DAY else None
