"""Counts the statements of a request; for measuring only."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Query-Count"


class CountQueries:
    """Says in a header of each answer how many statements it took; the outermost middleware, so that all count."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = 0

        def count(execute: Any, *statement: Any) -> Any:
            nonlocal number
            number += 1
            return execute(*statement)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response[HEADER] = str(number)
        return response
