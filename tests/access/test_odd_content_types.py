"""What says that it is written in anything but UTF-8 is refused at the door, for nobody behind it could read it."""

import io
import logging

import pytest
from django.test import Client as Browser

from stutensee_im.wsgi import application
from tests.cast import Cast

pytestmark = pytest.mark.django_db

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain")
# Known to Python, but no encodings of text, or none that a browser uses.
ODD = ("base64", "zlib", "hex", "rot13", "idna", "punycode", "undefined", "utf-16", "utf-7", "latin-1")
# Django cannot even take these apart.
BROKEN = (
    "text/plain; charset*=nonsense''%41",
    "text/plain; a*=undefined''%41",
    "text/plain; a*=idna''%41%ff",
    "text/plain; charset*=utf-8''%00",
    "multipart/form-data; boundary*=nonsense''%41",
)


def answer(method: str, content_type: str, query: str) -> tuple[str, str]:
    """What the application server gets, as it would ask; the test client makes its requests by itself."""
    statuses: list[str] = []
    page = application(
        {
            "REQUEST_METHOD": method,
            "PATH_INFO": "/login/",
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": "3",
            "wsgi.input": io.BytesIO(b"a=b"),
            "wsgi.url_scheme": "http",
        },
        lambda status, _headers: statuses.append(status),
    )
    return statuses[0], b"".join(page).decode()


@pytest.mark.parametrize(
    "content_type", [*(f"{form}; charset={charset}" for form in FORMS for charset in ODD), *BROKEN]
)
def test_a_content_type_nobody_could_read_by_is_refused_in_one_line(
    content_type: str, caplog: pytest.LogCaptureFixture
) -> None:
    for method in ("GET", "POST"):
        for query in ("", "next=%e4"):
            caplog.clear()
            with caplog.at_level(logging.WARNING):
                status, page = answer(method, content_type, query)
            assert status == "400 Bad Request"
            assert "Diese Anfrage ist nicht lesbar" in page
            assert [record.getMessage() for record in caplog.records] == ["Bad Request: /login/"]


@pytest.mark.parametrize("content_type", ["", "text/plain", "text/plain; charset=utf-8"])
def test_too_many_questions_in_one_address_are_refused_whatever_the_content_type(content_type: str) -> None:
    status, page = answer("GET", content_type, "a&" * 2001)
    assert status == "400 Bad Request"
    assert "Diese Anfrage ist nicht lesbar" in page


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "no-such-encoding"])
def test_utf_8_is_read_and_so_is_a_name_that_means_nothing(charset: str, cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.manager)
    form = f"application/x-www-form-urlencoded; charset={charset}"
    page = browser.generic("POST", "/clients/search/", b"q=J%C3%BCrgen", form)
    assert "Jürgen" in page.content.decode()
    assert answer("GET", form, "next=/clients/")[0] == "200 OK"
