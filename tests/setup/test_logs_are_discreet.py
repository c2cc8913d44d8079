"""What a log line may say: where something went wrong, for which request, and nobody's data."""

import logging

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from stutensee_im import logs

FORMAT = "%(levelname)s [%(request_id)s] %(message)s"


def written(message="It went wrong.", *arguments, error=None, extra=None):
    """The line as it would stand in the log."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("clients", logging.ERROR, __file__, 1, message, arguments, info)
    record.__dict__.update(extra or {})
    logs.RequestIdFilter().filter(record)
    return logs.DiscreetFormatter(FORMAT).format(record)


def raised(function):
    try:
        function()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def test_query_strings_are_dropped():
    assert written("Not Found: %s", "/clients/?q=Ahmed&x=1") == "ERROR [-] Not Found: /clients/"
    assert written("GET /clients/?q=Ahmed HTTP/1.1") == "ERROR [-] GET /clients/ HTTP/1.1"


def test_a_question_is_no_query_string():
    assert written("Really? Yes.") == "ERROR [-] Really? Yes."


def test_what_postgresql_says_about_the_row_is_dropped():
    text = 'duplicate key value violates unique constraint "u"\nDETAIL:  Key (name)=(Ahmed\nHassan) already exists.'
    assert written("%s", text) == 'ERROR [-] duplicate key value violates unique constraint "u"'
    text = "syntax error\nLINE 1: SELECT 'Ahmed'\n               ^"
    assert "Ahmed" not in written("%s", text)


def test_the_id_of_the_request_stands_in_the_line():
    token = logs.current_request_id.set("0123456789ab")
    try:
        assert written() == "ERROR [0123456789ab] It went wrong."
    finally:
        logs.current_request_id.reset(token)
    request = RequestFactory().get("/")
    request.request_id = "ba9876543210"
    assert written(extra={"request": request}) == "ERROR [ba9876543210] It went wrong."


@pytest.mark.parametrize("error", [ValueError("Ahmed"), ValidationError("Ahmed"), KeyError("Ahmed")])
def test_values_carried_by_exceptions_are_not_written(error):
    def fail():
        raise error

    line = written(error=raised(fail))
    assert "Ahmed" not in line
    assert type(error).__name__ in line
    assert "test_logs_are_discreet.py" in line


def test_causes_are_written_as_discreetly():
    name = "Ahmed"

    def fail():
        try:
            int(name)
        except ValueError as error:
            raise RuntimeError(name) from error

    line = written(error=raised(fail))
    assert "Ahmed" not in line
    assert "RuntimeError" in line
    assert "which came out of:\n" in line
    assert line.endswith("ValueError")


def test_errors_of_the_program_keep_their_text():
    line = written(error=raised(lambda: None.no_such_attribute))
    assert "'NoneType' object has no attribute 'no_such_attribute'" in line


def store_the_same_session_twice():
    key, data = "Ahmed", "Hassan"
    for _ in range(2):
        Session.objects.bulk_create([Session(session_key=key, session_data=data, expire_date=timezone.now())])


@pytest.mark.django_db
def test_a_broken_constraint_names_the_constraint_and_not_the_row():
    error = raised(transaction.atomic(store_the_same_session_twice))
    assert isinstance(error, IntegrityError)
    line = written("%s", error, error=error)
    assert "Ahmed" not in line
    assert "Hassan" not in line
    assert "django_session" in line


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("SELECT 'Ahmed'::date", "DataError"),
        ("SELECT 'Ahmed' FROM nowhere", "ProgrammingError"),
        ("SELECT 'Ahmed' || 1 +", "ProgrammingError"),
    ],
)
def test_postgresql_does_not_repeat_values_through_its_messages(statement, kind):
    def ask():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    error = raised(ask)
    assert isinstance(error, DatabaseError)
    line = written(error=error)
    assert "Ahmed" not in line
    assert kind in line


def test_errors_are_not_mailed(settings):
    handlers = {type(handler).__name__ for handler in logging.getLogger("django").handlers}
    assert "AdminEmailHandler" not in handlers
    assert settings.LOGGING["root"]["handlers"] == ["console"]
