"""Bytes no browser sends, put to the application server itself: each gets an answer, and none of them a 5xx."""

import re
import socket
from collections.abc import Iterator

import pytest

from tests.setup.conftest import PATIENCE, Installation

FORM = b"Content-Type: application/x-www-form-urlencoded"
PARTS = b"Content-Type: multipart/form-data; boundary=x"
BYTES = (b"\xff\xfe", "ü\u202e".encode(), b"%00%ff", b"[" * 3000, b"=?idna?q?=ff?=", b"9" * 26)


def part(disposition: bytes, more: bytes = b"") -> bytes:
    return b"--x\r\nContent-Disposition: form-data; " + disposition + more + b"\r\n\r\nv\r\n--x--\r\n"


def request(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    length = () if any(b"content-length" in header.lower() for header in headers) else (b"%d" % len(body),)
    lines = [line + b" HTTP/1.1", b"Host: localhost", b"Connection: close", *headers]
    return b"\r\n".join([*lines, *(b"Content-Length: " + number for number in length)]) + b"\r\n\r\n" + body


POST = b"POST /login/"
ODD = {
    "content types": [
        request(method + b" /login/?next=%e4", b"Content-Type: " + kind, body=b"a=b")
        for method in (b"GET", b"POST")
        for kind in (
            b"text/plain; charset=base64",
            b"application/x-www-form-urlencoded; charset=undefined",
            b"multipart/form-data; boundary=x; charset=idna",
            b"text/plain; charset*=nonsense''%41",
            b"text/plain; charset*=utf-8''%00",
            b"multipart/form-data; boundary*=zlib''%41",
            b"; ; ;",
            b"\xff; x=\xff",
        )
    ],
    "forms of several parts": [
        request(POST, kind, body=body)
        for kind, body in (
            (b"Content-Type: multipart/form-data", part(b'name="a"')),
            (b"Content-Type: multipart/form-data; boundary=\xff", b"x"),
            (PARTS, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n--y--'),
            (PARTS, b'--x\r\nContent-Disposition: form-data; name="a"'),
            (PARTS, part(b'name="' + b"n" * 100_000 + b'"')),
            (PARTS, part(b'name="\xff\x00"')),
            (PARTS, part(b"name*=nonsense''%41")),
            (PARTS, part(b"name*=undefined''%41")),
            (PARTS, part(b'name="a"; filename="&#xd800;&#0;.csv"')),
            (PARTS, part(b'name="a"', b"\r\nContent-Transfer-Encoding: base64")),
            (
                PARTS,
                part(b'name="a"; filename="a"', b"\r\nContent-Length: -1\r\nContent-Type: x; charset=hex"),
            ),
        )
    ],
    "sizes": [
        request(POST, FORM, body=b"&".join(b"a%d=b" % number for number in range(2001))),
        request(b"GET /login/?" + b"a&" * 2001),
        request(b"GET /login/?" + b"a&" * 2001, FORM + b"; charset=utf-8"),
        *(
            request(POST, FORM, b"Content-Length: " + length)
            for length in (b"abc", b"-1", b"9" * 26, b"\xff", b"")
        ),
    ],
    "cookies": [
        request(b"GET /login/", b"Cookie: " + name + b"=" + value)
        for name in (b"sessionid", b"csrftoken", b"messages", b"\xff")
        for value in (*BYTES[:4], b"a:b:c", b'"\\000\\355\\240\\200"')
    ],
    "headers": [
        request(b"GET /login/", name + b": " + value)
        for name in (
            *(
                b"X-Request-ID",
                b"HX-Request",
                b"HX-Current-URL",
                b"HX-Trigger",
                b"Accept-Language",
                b"Accept",
            ),
            *(b"Origin", b"Referer", b"X-Forwarded-For", b"If-Modified-Since", b"Range", b"X-CSRFToken"),
        )
        for value in BYTES
    ],
    "addresses": [
        request(b"GET " + path)
        for path in (
            *(
                b"/%",
                b"/%zz",
                b"/%00",
                b"/%ff%fe",
                b"/%ed%a0%80/",
                b"/\xff",
                b"//evil.example/..",
                b"*",
                b"http://[",
            ),
            *(
                b"/login/?next=%ed%a0%80",
                b"/login/?next=%0d%0aX:y",
                b"/login?%ff=%00",
                b"/?\x00",
                b"/static/%ff",
            ),
            *(b"/static/%00", b"/static/" + b"a" * 300, b"/admin/accounts/user/_ED_A0_80/change/"),
        )
    ],
    "methods": [
        request(method + b" /login/", FORM, body=b"a=b")
        for method in (
            b"FOO",
            b"get",
            b"G\xff",
            b"",
            b"TRACE",
            b"CONNECT",
            b"PATCH",
            b"__INIT__",
            b"DISPATCH",
            b"A" * 200,
        )
    ],
}


def status(port: int, sent: bytes) -> int:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(sent)
        first = re.match(rb"HTTP/1\.1 (\d{3}) ", connection.makefile("rb").readline())
    assert first is not None
    return int(first[1])


@pytest.fixture(scope="module")
def port(installation: Installation) -> Iterator[int]:
    with installation.served() as port:
        yield port


@pytest.mark.parametrize("kind", ODD)
def test_odd_bytes_are_answered_and_never_with_a_fault_of_ours(kind: str, port: int) -> None:
    assert [sent[:200] for sent in ODD[kind] if status(port, sent) >= 500] == []
