"""An installation of its own, prepared by real processes on the kind of database the tests run on."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from tests.overlap import answers, until

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300


@dataclass(frozen=True)
class Installation:
    """Where it lives, and what its two first preparations, started at once, answered and said."""

    environment: dict[str, str]
    preparations: list[tuple[int, str]]

    def prepare(self) -> tuple[int, str]:
        return outcome(start_preparing(self.environment))

    @contextmanager
    def served(self, **environment: str) -> Iterator[int]:
        """The port of a running server."""
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        server = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}", "--log-level", "warning"],
            cwd=ROOT,
            env=self.environment | environment,
        )
        try:
            wait_until_it_answers(port)
            yield port
        finally:
            server.kill()
            server.wait(timeout=PATIENCE)


def start_preparing(environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "stutensee_im.prepare"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def outcome(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _nothing = process.communicate(timeout=PATIENCE)
    return process.returncode, said


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_it_answers(port: int) -> None:
    until(lambda: answers(f"http://127.0.0.1:{port}/healthz"))


@contextmanager
def empty_database() -> Iterator[str]:
    """The DATABASE_URL of a new database on the server of the tests; "" where they run on SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        yield ""
        return
    name = f"installation_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    server = psycopg2.connect(url)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        try:
            yield url.rpartition("/")[0] + f"/{name}"
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with empty_database() as url:
        environment = {"PATH": os.environ["PATH"], "DEMO": "1", "DATABASE_URL": url}
        # Processes that share no folder must not collide in the database either.
        states = [tmp_path_factory.mktemp("state")]
        states.append(tmp_path_factory.mktemp("state") if url else states[0])
        environments = [environment | {"STATE_DIR": str(state)} for state in states]
        running = [start_preparing(environment) for environment in environments]
        yield Installation(environments[0], [outcome(process) for process in running])


@pytest.fixture
def silent() -> Iterator[Callable[..., None]]:
    """``silent(port, 4)`` opens four connections that say nothing, or no more than what is given."""
    held: list[socket.socket] = []

    def hold(port: int, number: int, said: bytes = b"") -> None:
        for _ in range(number):
            held.append(socket.create_connection(("127.0.0.1", port)))
            held[-1].sendall(said)

    yield hold
    for connection in held:
        connection.close()
