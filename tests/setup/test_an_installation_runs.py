"""A prepared installation, its server and its script, as real processes."""

import ctypes
import hashlib
import http.client
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.setup.conftest import PATIENCE, ROOT, free_port, wait_until_it_answers

ASKS_BY_HALF = b"GET /login/ HTTP/1.1\r\nHost: local"
SENDS_BY_HALF = (
    b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 100\r\n\r\nlogin=a"
)
WAITS = "Another preparation is at work; waiting for its end …\n"


# Sooner than a server without threads gives a silent connection up, which would look like an answer.
HANGS_AFTER = 25


def status(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANGS_AFTER)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_two_preparations_at_once_do_not_collide(installation):
    codes, texts = zip(*installation.preparations, strict=True)
    assert codes == (0, 0), texts
    waited, worked = sorted(texts, key=len)
    assert waited == WAITS
    assert worked.startswith("New database: inventing people and their history …\n")


def test_a_further_preparation_changes_nothing_and_says_nothing(installation):
    assert installation.prepare() == (0, "")


def test_connections_that_say_nothing_do_not_stop_the_site(installation, silent):
    with installation.served() as port:
        for number, said in ((4, b""), (12, b""), (12, ASKS_BY_HALF), (2, SENDS_BY_HALF)):
            silent(port, number, said)
            assert status(port, "/login/") == 200


def test_in_production_this_machine_is_told_that_all_is_well_and_no_more(installation):
    production = {"DEMO": "0", "ALLOWED_HOSTS": "im.example.org", "PROXY_COUNT": "1"}
    with installation.served(**production) as port:
        assert status(port, "/healthz") == 200
        assert status(port, "/readyz", Host="localhost") == 200
        assert status(port, "/login/") == 400
        assert status(port, "/login/", **{"X-Forwarded-Proto": "https"}) == 400
        through = {"Host": "im.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        assert status(port, "/login/", **through) == 200


def obey_file_modes():
    """Root writes whatever the modes say; without this capability (1) it does not."""
    if os.getuid() == 0:
        drop_from_bounding_set = 24
        assert ctypes.CDLL(None).prctl(drop_from_bounding_set, 1, 0, 0, 0) == 0


def contents(folder):
    return {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}


@pytest.fixture
def read_only_checkout(tmp_path):
    """A current checkout with its environment, in which nobody may write."""
    place = tmp_path / "checkout"
    left_out = (".*", "var", "tests", "__pycache__", "images")
    shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns(*left_out))
    binaries = place / ".venv" / "bin"
    binaries.mkdir(parents=True)
    for name in ("python", "gunicorn"):
        wrapper = binaries / name
        wrapper.write_text(f'#!/bin/sh\nexec "{Path(sys.executable).parent / name}" "$@"\n')
        wrapper.chmod(0o755)
    lock = hashlib.sha256((place / "requirements" / "run.txt").read_bytes()).hexdigest()
    (place / ".venv" / "installed-run").write_text(f"{lock}\n")
    subprocess.run([sys.executable, "-m", "stutensee_im.catalogue", "compile"], cwd=place, check=True)
    for path in [place, *place.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    yield place
    for path in [place, *place.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)


def test_a_checkout_that_nobody_may_write_runs(installation, read_only_checkout):
    before = contents(read_only_checkout)
    port = free_port()
    server = subprocess.Popen(
        ["./dev", "run"],
        cwd=read_only_checkout,
        env=installation.environment | {"PORT": str(port)},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=obey_file_modes,
    )
    try:
        wait_until_it_answers(port)
        assert status(port, "/login/") == 200
    finally:
        server.terminate()
    said, _nothing = server.communicate(timeout=PATIENCE)
    assert f"http://127.0.0.1:{port}/" in said
    assert contents(read_only_checkout) == before


def test_a_catalogue_that_cannot_be_brought_up_to_date_gets_one_sentence(installation, read_only_checkout):
    folder = read_only_checkout / "locale" / "de" / "LC_MESSAGES"
    folder.chmod(0o755)
    (folder / "django.mo").unlink()
    folder.chmod(0o555)
    result = subprocess.run(
        [sys.executable, "-m", "stutensee_im.prepare"],
        cwd=read_only_checkout,
        env=installation.environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        preexec_fn=obey_file_modes,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr == (
        "The German catalogue is not current and cannot be written (Permission denied): "
        "run python -m stutensee_im.catalogue compile as the owner of this checkout.\n"
    )


def cron_lines():
    lines = (ROOT / "deploy" / "im.cron").read_text().splitlines()
    return [line.split(None, 6) for line in lines if line and not line.startswith("#")]


def test_the_daily_line_works_as_cron_runs_it(installation, tmp_path):
    """Cron knows none of the shell's variables; the values come from the file, as an installation writes them."""
    [command] = [command for *_when, user, command in cron_lines() if "run_daily" in command]
    here = {"STATE_DIR": installation.environment["STATE_DIR"]}
    here["DATABASE_URL"] = installation.environment["DATABASE_URL"]
    values = tmp_path / "im.env"
    lines = (ROOT / "deploy" / "im.env").read_text().splitlines()
    values.write_text("".join(f"{with_value(line, here)}\n" for line in lines))
    command = command.replace("/srv/im", str(ROOT)).replace("/etc/im.env", str(values))
    command = command.replace(".venv/bin/python", sys.executable)
    assert "%" not in command  # which cron would take for the end of the line
    result = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd="/",
        env={"HOME": "/", "LOGNAME": "im", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    for said in ("forget_drafts: 0; ", "recompute: 0; ", "send_outbox: 0; "):
        assert said in result.stdout


def with_value(line, values):
    name = line.partition("=")[0]
    return f"{name}='{values[name]}'" if name in values else line
