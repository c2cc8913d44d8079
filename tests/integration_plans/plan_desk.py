"""What the tests of the plan's pages need again and again: addresses, words, statements."""

import re
import uuid
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse


def url(name: str, client: Any, *args: Any) -> str:
    return reverse(f"file_plans:{name}", args=[client.uuid, *args])


def token() -> str:
    return str(uuid.uuid4())


def text_of(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


def queries_of(browser: Any, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)
