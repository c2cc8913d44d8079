"""An invented district, the servers that show it, and who asks them."""

from __future__ import annotations

import gzip
import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import backends, family, processor_seconds

ROOT = Path(__file__).resolve().parent.parent


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer; following it would count another page."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


class Visitor:
    """A browser without a screen, logged in to the product and so to the other server of the same district."""

    def __init__(self, address: str, user: str) -> None:
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), NoRedirect())
        form = {"login": user, "password": "demo"}
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.ask(f"{address}/login/").text)
        if (
            token is None
            or self.ask(f"{address}/login/", form | {"csrfmiddlewaretoken": token[1]}).code != 302
        ):
            raise SystemExit(f"{user} could not log in.")

    def ask(self, url: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        """An answer; an error status stops the run, for a fast error page must not win."""
        if form is not None:
            headers["X-CSRFToken"] = next((c.value or "" for c in self.jar if c.name == "csrftoken"), "")
        body = None if form is None else urllib.parse.urlencode(form).encode()
        try:
            with self.opener.open(urllib.request.Request(url, body, headers)) as answer:
                return Answer(answer.status, answer.read(), dict(answer.headers))
        except urllib.error.HTTPError as redirect:
            if redirect.code not in (302, 303):
                raise SystemExit(f"{url} answered {redirect.code}.") from redirect
            return Answer(redirect.code, b"", dict(redirect.headers))


@dataclass(frozen=True)
class Answer:
    code: int
    body: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        return (gzip.decompress(self.body) if self.headers.get("Content-Encoding") else self.body).decode()

    @property
    def statements(self) -> int:
        return int(self.headers["X-Query-Count"])


@dataclass
class Server:
    """One gunicorn with two workers."""

    address: str
    process: subprocess.Popen[bytes]
    database: str

    def processor(self) -> float:
        return processor_seconds(
            family(self.process.pid) + (backends(self.database) if self.database else [])
        )


@dataclass
class District:
    """An invented district on one database, with both its servers."""

    name: str
    clients: int
    product: Server
    floor: Server
    visitors: dict[str, Visitor]
    memory: float = 0
    found: dict[str, str] = field(default_factory=dict)

    def server(self, side: str) -> Server:
        return self.product if side == "product" else self.floor


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(settings: str, place: dict[str, str], database: str, waits_for: str) -> tuple[Server, float]:
    """A server, and the seconds until it had answered for the first time."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "deploy/gunicorn.conf.py",
        "--log-level",
        "error",
    ]
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}"], cwd=ROOT, env=place | {"DJANGO_SETTINGS_MODULE": settings}
    )
    server = Server(f"http://127.0.0.1:{port}", process, database)
    while True:
        try:
            urllib.request.urlopen(server.address + waits_for).close()
        except OSError:
            if process.poll() is not None:
                raise SystemExit(f"The server with {settings} did not start.") from None
            time.sleep(0.01)
        else:
            return server, time.perf_counter() - start


def stopped(server: Server) -> None:
    server.process.terminate()
    server.process.wait()


def settled(clients: int, postgres: str, state: Path) -> dict[str, str]:
    """The environment of a district, which is invented when it is not there yet."""
    folder = state / f"{'postgres' if postgres else 'sqlite'}-{clients}"
    place = os.environ | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.app_settings",
        "STATE_DIR": str(folder),
        "DATABASE_URL": postgres and f"{postgres.rpartition('/')[0]}/bench_{clients}",
        "DEBUG": "0",
        "DEMO": "1",
        "DEMO_PASSWORD": "demo",
        "ALLOWED_HOSTS": "",
    }
    done = folder / "invented"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        if postgres:
            remade = [f"drop database if exists bench_{clients}", f"create database bench_{clients}"]
            for statement in remade:
                subprocess.run(["psql", "--quiet", postgres, "--command", statement], check=True)
        empty = place | {"DEMO": "0", "ALLOWED_HOSTS": "localhost"}
        subprocess.run([sys.executable, "-m", "stutensee_im.prepare"], cwd=ROOT, env=empty, check=True)
        start = time.perf_counter()
        seed = [sys.executable, "manage.py", "seed_demo", "--clients", str(clients)]
        subprocess.run(seed, cwd=ROOT, env=place, check=True)
        # Once more, for the statistics about tables that are full now.
        subprocess.run([sys.executable, "-m", "stutensee_im.prepare"], cwd=ROOT, env=place, check=True)
        done.write_text(f"{clients} files invented in {time.perf_counter() - start:.0f} s\n")
    print(f"{folder.name}: {done.read_text().strip()}", flush=True)
    return place
