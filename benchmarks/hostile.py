"""Post nonsense into every form and button of a running demonstration, and count what it answers.

``./dev run`` in one shell; in another, with the same STATE_DIR and DATABASE_URL,
``.venv/bin/python benchmarks/hostile.py --port 8000``. It talks to this machine alone, stops by itself, and leaves the
demonstration full of nonsense: begin anew afterwards. The exit code is 1 when anything was answered with 5xx or a row
of a file changed that the manager may not see.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import os
import re
import sys
import uuid
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote_plus, urljoin, urlsplit

import django
from django.conf import settings
from django.db.models import Model
from django.urls import Resolver404, resolve

ROLES = ("manager", "officer", "coordinator", "admin")
EXAMPLES = 1  # pages looked at, and addresses posted to, of each route
PAGES = 250  # a role reads no more
# Percent-encoded bytes, for some of them are no text.
CORPUS = {
    "26 digits": "9" * 26,
    "negative": "-9223372036854775809",
    "not a number": "1e400",
    "NUL": "vor%00nach",
    "lone surrogate": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "other digits": quote_plus("٣٤"),
    "direction": quote_plus("\u202egnihton\u202c"),
    "line break": "/%0D%0ASet-Cookie:%20x=1",
    "deep JSON": quote_plus("[" * 5_000),
    "long": "x" * 20_000,
    "nothing": "",
    "quotes": quote_plus("'\"><script>alert(1)</script>{{7*7}}{%x%}"),
    "path": quote_plus("../../../etc/passwd"),
    "year one": "0001-01-01",
    "year 9999": "9999-12-31",
    "unknown uuid": str(uuid.UUID(int=1)),
}


class Page(HTMLParser):
    """The links of a page and its forms that post: where to, and what a browser would send."""

    def __init__(self, path: str, html: str) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.open: dict[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in at:
            self.links.append(urljoin(self.path, at["href"]))
        target = at.get("hx-post") or (at.get("action", self.path) if at.get("method") == "post" else None)
        if target is not None:
            self.open = {}
            self.forms.append((urljoin(self.path, target), self.open))
        if self.open is not None and at.get("name"):
            self.open.setdefault(at["name"], at.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None


class Visitor:
    """A logged-in user who counts her requests."""

    def __init__(self, port: int, username: str) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.codes: Counter[int] = Counter()
        self.faults: list[str] = []
        token = Page("/login/", self.ask("GET", "/login/")[1]).forms[0][1]["csrfmiddlewaretoken"]
        body = f"csrfmiddlewaretoken={token}&login={username}&password={settings.DEMO_PASSWORD}"
        if self.ask("POST", "/login/", body)[0] != 302:
            raise SystemExit(f"{username} could not log in.")
        self.codes.clear()

    def ask(self, method: str, path: str, body: str = "", what: str = "") -> tuple[int, str]:
        """The code of the answer, and its page or where it leads."""
        server = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        server.request(method, path, body, headers)
        answer = server.getresponse()
        page = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        server.close()
        self.codes[answer.status] += 1
        if answer.status >= 500:
            self.faults.append(f"{answer.status} {method} {path} {what}")
        return answer.status, answer.headers.get("Location") or page

    def explore(self) -> dict[str, list[tuple[str, dict[str, str]]]]:
        """The forms of every route that links lead to, by route."""
        waiting, seen, read = ["/"], Counter[str](), set[str]()
        found: dict[str, dict[str, dict[str, str]]] = {}
        while waiting and len(read) < PAGES:
            path = waiting.pop(0)
            name = route(path)
            if name is None or path in read or seen[name] >= EXAMPLES:
                continue
            seen[name] += 1
            read.add(path)
            status, html = self.ask("GET", path)
            if status in (301, 302):
                waiting.append(html)
                continue
            page = Page(path, html)
            waiting += page.links
            for target, fields in page.forms:
                if name := route(target):
                    found.setdefault(name, {}).setdefault(target, fields)
        return {name: list(forms.items())[:EXAMPLES] for name, forms in found.items()}

    def attack(self, strangers: list[str]) -> None:
        """Every value of the corpus in all fields at once and in each alone, and every form at a stranger's file."""
        for forms in self.explore().values():
            for path, fields in forms:
                tokens = {"csrfmiddlewaretoken": self.cookies["csrftoken"]}
                kept = {name: quote_plus(value) for name, value in fields.items()}
                names = list(fields.keys() - tokens) or ["next"]
                for what, value in CORPUS.items():
                    self.post(path, kept | dict.fromkeys(names, value) | tokens, what)
                    one = names[len(what) % len(names)]
                    self.post(
                        f"{path.partition('?')[0]}?{one}={value[:900]}",
                        kept | {one: value} | tokens,
                        what,
                    )
                for stranger in strangers:
                    swapped = re.sub(r"(?<=/clients/)[0-9a-f-]{36}", stranger, path)
                    if swapped != path:
                        self.post(swapped, kept | tokens, "a stranger's file")

    def post(self, path: str, fields: dict[str, str], what: str) -> None:
        body = "&".join(f"{quote_plus(name)}={value}" for name, value in fields.items())
        self.ask("POST", path, body, what)


def route(path: str) -> str | None:
    """What an address of ours is called; logging out ends the visit."""
    parts = urlsplit(path)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return None
    return None if parts.netloc or "logout" in name else name


def rows_of(strangers: list[int], models: list[type[Model]]) -> dict[str, tuple[int, str]]:
    """How many rows of these files each table holds, and a sum over what stands in them."""
    state = {}
    for model in models:
        rows = model._base_manager.filter(**{f"{model.privacy.path('pk')}__in": strangers})
        lines = sorted(map(repr, rows.values_list()))
        state[model._meta.label] = (len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest())
    return state


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ |= {"DEMO": "1", "DJANGO_SETTINGS_MODULE": "stutensee_im.settings"}
    django.setup()
    from accounts.access import scoped_models
    from accounts.models import User
    from clients.models import Client

    manager = User.objects.get(username="manager")
    own = Client.objects.visible_to(manager).values("pk")
    foreign = (
        Client.objects.unscoped(reason="files of others").filter(manager__isnull=False).exclude(pk__in=own)
    )
    keys, addresses = zip(*foreign.order_by("pk").values_list("pk", "uuid"), strict=True)
    models = [model for model in scoped_models() if model.privacy.root == "client"]
    before, failed = rows_of(list(keys), models), False
    for role in ROLES:
        visitor = Visitor(port, role)
        visitor.attack([str(address) for address in addresses[:2]])
        after = rows_of(list(keys), models)
        changed = [label for label in before if before[label] != after[label]]
        print(
            f"{role}: {visitor.codes.total()} requests {dict(sorted(visitor.codes.items()))}, changed: {changed}"
        )
        print("\n".join(visitor.faults))
        failed |= bool(visitor.faults or changed)
        before = after
    print(f"{len(keys)} files of others, {sum(number for number, _sum in before.values())} rows.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
