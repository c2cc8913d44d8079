"""Logs without personal data: no query strings, no row contents out of database errors, a request id in each line."""

from __future__ import annotations

import contextvars
import logging
import re
import traceback
from http import HTTPStatus
from types import TracebackType

from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError

current_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")
ATTRIBUTE = "request_id"
# On a request whose refusal stands in the log.
REFUSED = "refusal_is_logged"

# PostgreSQL repeats the row under DETAIL and the statement, values included, behind LINE 1 and CONTEXT.
ROW_CONTENT = re.compile(r"\s*^(DETAIL|HINT|CONTEXT|LINE \d+):.*", re.MULTILINE | re.DOTALL)
QUERY_STRING = re.compile(r"(?<=[\w/.~%-])\?[^\s\"'<>]+")
QUOTED_VALUE = re.compile(r": \"?.*", re.DOTALL)

# Errors of the program, whose text names code and never a person. Of all others only the kind is written.
ERRORS_OF_THE_PROGRAM = (
    AttributeError,
    NameError,
    TypeError,
    ImportError,
    ImproperlyConfigured,
    OSError,
    SyntaxError,
)


def discreet(text: str) -> str:
    """The text without query strings and without what PostgreSQL adds about the row."""
    return QUERY_STRING.sub("", ROW_CONTENT.sub("", text))


def describe(error: BaseException) -> str:
    """One line about an exception that gives away no stored or typed value."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, DatabaseError) or type(error).__module__.startswith(("psycopg2", "sqlite3")):
        return f"{kind}: {describe_database_error(error)}"
    if isinstance(error, ERRORS_OF_THE_PROGRAM):
        return f"{kind}: {discreet(str(error))}"
    return kind


def describe_database_error(error: BaseException) -> str:
    """SQLSTATE, constraint and the message up to its first colon: PostgreSQL repeats values behind it."""
    diagnosis = getattr(error.__cause__ or error, "diag", None)
    if diagnosis is None or diagnosis.message_primary is None:
        return discreet(str(error))
    facts = [QUOTED_VALUE.sub("", diagnosis.message_primary)]
    facts += [
        value for value in (diagnosis.sqlstate, diagnosis.table_name, diagnosis.constraint_name) if value
    ]
    return ", ".join(facts)


class RequestIdFilter(logging.Filter):
    """Put the id of the request on each record; ``-`` outside a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        record.request_id = getattr(request, ATTRIBUTE, None) or current_request_id.get()
        return True


class OneLineFilter(logging.Filter):
    """Keep one line per refusal (4xx): Django logs some twice, and most with a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        status = getattr(record, "status_code", None)
        if request is None or status is None or not 400 <= status < 500:
            return True
        if hasattr(request, REFUSED):
            return False
        setattr(request, REFUSED, True)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            path = request.path.encode("unicode_escape").decode("ascii")
            record.msg = "%s (%s): %s"
            record.args = (HTTPStatus(status).phrase, type(error).__name__, path)
            record.exc_info = None
        return True


ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Writes the places an exception passed, but not the values it carries."""

    def formatException(self, ei: ExcInfo) -> str:
        lines: list[str] = []
        error = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines += ["".join(traceback.format_tb(error.__traceback__)).rstrip("\n"), describe(error)]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
            if error is not None:
                lines.append("-- which came out of:")
        return "\n".join(line for line in lines if line)

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = discreet(record.message)
        return super().formatMessage(record)
