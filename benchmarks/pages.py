"""How long pages take, and whether that grows with the number of files.

``./dev bench [--clients 250,5000] [--rounds 30]`` invents a district of each size, serves it by two workers, and asks
for the same pages in turn: one request of each size after the other, so that a busy moment of the machine hits all of
them. Absolute values are noise on a shared machine; read the ratio and the number of statements.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    "manager": ("/", "/clients/", "FILE", "/appointments/", "LOG", "/plans/"),
    "officer": ("/reports/", "/reports/people/", "/reports/cases/"),
}
# Addresses that are found on the start page or in the list rather than written here.
FOUND_IN = {
    "FILE": ("/clients/", re.compile(r'href="(/clients/[0-9a-f-]{36}/)"')),
    "LOG": ("/", re.compile(r'href="(/appointments/[^"]*new/)"')),
}


class Visitor:
    """A browser without a screen, logged in as one of the demonstration's users."""

    def __init__(self, address: str, user: str) -> None:
        self.address = address
        self.queries = 0
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/login/"))
        if token is None:
            raise SystemExit("The log-in page holds no form.")
        form = {"csrfmiddlewaretoken": token[1], "login": user, "password": "demo"}
        answer = self.opener.open(f"{address}/login/", urllib.parse.urlencode(form).encode())
        if urllib.parse.urlsplit(answer.geturl()).path.startswith("/login/"):
            raise SystemExit(f"{user} could not log in.")

    def get(self, path: str) -> str:
        """The page at a path; an error status stops the run, for a fast error page must not win."""
        with self.opener.open(f"{self.address}{path}") as answer:
            self.queries = int(answer.headers["X-Query-Count"])
            return str(answer.read().decode())

    def find(self, name: str) -> str:
        """The path behind a name of ``PAGES``."""
        if name not in FOUND_IN:
            return name
        page, pattern = FOUND_IN[name]
        found = pattern.search(self.get(page))
        if found is None:
            raise SystemExit(f"{page} holds no link to {name}.")
        return found[1]


@dataclass
class Side:
    """One district of a certain size, served on a port of its own."""

    clients: int
    address: str
    visitors: dict[str, Visitor] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    size: dict[str, int] = field(default_factory=dict)
    queries: dict[str, int] = field(default_factory=dict)


def serve(clients: int, stack: ExitStack) -> Side:
    """Invent a district with so many active files, serve it, and log everybody in."""
    state = stack.enter_context(tempfile.TemporaryDirectory())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = "benchmarks.settings"
    place = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings,
        "STATE_DIR": state,
        "DATABASE_URL": "",
        "DEBUG": "0",
        "DEMO_PASSWORD": "demo",
    }
    empty = place | {"DEMO": "0", "ALLOWED_HOSTS": "localhost"}
    demonstration = place | {"DEMO": "1", "ALLOWED_HOSTS": ""}
    python = sys.executable
    subprocess.run([python, "-m", "stutensee_im.prepare"], cwd=ROOT, env=empty, check=True)
    start = time.perf_counter()
    seed = [python, "manage.py", "seed_demo", "--clients", str(clients)]
    subprocess.run(seed, cwd=ROOT, env=demonstration, check=True)
    print(f"{clients} files invented in {time.perf_counter() - start:.1f} s")
    bind = f"127.0.0.1:{port}"
    gunicorn = [python, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--log-level", "error"]
    server = subprocess.Popen([*gunicorn, "--bind", bind], cwd=ROOT, env=demonstration)
    stack.callback(server.wait)
    stack.callback(server.terminate)
    side = Side(clients, f"http://{bind}")
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{side.address}/healthz").close()
            break
        except OSError:
            time.sleep(0.2)
    side.visitors = {user: Visitor(side.address, user) for user in PAGES}
    return side


def measure(sides: list[Side], rounds: int) -> None:
    """Ask each page ``rounds`` times on each side, the sides in turn and in reverse order every other round."""
    for user, names in PAGES.items():
        paths = {(side.clients, name): side.visitors[user].find(name) for side in sides for name in names}
        for turn in range(rounds + 1):
            for side in sides if turn % 2 else reversed(sides):
                for name in names:
                    start = time.perf_counter()
                    page = side.visitors[user].get(paths[side.clients, name])
                    if turn:  # the first round warms up
                        side.seconds.setdefault(name, []).append(time.perf_counter() - start)
                        side.size[name] = len(page)
                        side.queries[name] = side.visitors[user].queries


def report(sides: list[Side]) -> None:
    """Print median, 95th percentile, size and statements of each page, and the growth from first to last size."""
    heads = "".join(f"{side.clients:>9} files: p50 p95 kB  q" for side in sides)
    print(f"{'page':<18}{heads}   growth")
    for name in (name for names in PAGES.values() for name in names):
        cells, medians = "", []
        for side in sides:
            taken = side.seconds[name]
            medians.append(statistics.median(taken))
            slow = statistics.quantiles(taken, n=20)[-1]
            cells += f"{medians[-1] * 1000:>16.1f} {slow * 1000:>5.1f} {side.size[name] / 1000:>4.0f}"
            cells += f" {side.queries[name]:>2}"
        print(f"{name:<18}{cells}   {medians[-1] / medians[0]:>5.2f}")


def main() -> None:
    """Read the arguments, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", default="250,5000", help="sizes, separated by commas")
    parser.add_argument("--rounds", type=int, default=30)
    arguments = parser.parse_args()
    with ExitStack() as stack:
        sides = [serve(int(size), stack) for size in arguments.clients.split(",")]
        measure(sides, arguments.rounds)
        report(sides)


if __name__ == "__main__":
    main()
