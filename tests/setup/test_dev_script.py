"""The one script is POSIX, and says in one sentence what is missing."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_it_is_posix_shell():
    assert (ROOT / "dev").read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", "dev"], cwd=ROOT, check=True)


def test_ci_is_a_valid_script():
    subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=True)


def test_without_a_verb_it_names_its_verbs():
    result = subprocess.run(["./dev"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    for verb in ("run", "test", "check", "format", "bench", "messages", "lock"):
        assert f"./dev {verb}" in result.stdout


def test_a_missing_venv_module_gets_one_sentence(tmp_path):
    python = tmp_path / "python3"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexit 0\n', encoding="utf-8")
    python.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "PYTHON": str(python)}
    result = subprocess.run(
        ["./dev", "run"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert (
        result.stderr == "The Python module venv is missing; on Debian and Ubuntu: apt install python3-venv\n"
    )


def test_an_old_python_gets_one_sentence(tmp_path):
    environment = {"PATH": os.environ["PATH"], "PYTHON": str(tmp_path / "python3")}
    result = subprocess.run(
        ["./dev", "run"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert result.stderr.startswith("Python 3.11 or newer is needed and was not found as ")


def dev_run(port):
    return subprocess.run(
        ["./dev", "run"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PORT": str(port)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("port", ["80a", "0", "70000", "99999999", "-1", "80 80", "8000.0", "٨٠٨٠"])
def test_a_port_that_is_none_gets_one_sentence_before_anything_is_done(port):
    result = dev_run(port)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == f"PORT={port} is not accepted: use a number from 1 to 65535.\n"


def test_a_busy_port_gets_one_sentence_and_no_address_that_leads_elsewhere():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = dev_run(port)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == f"PORT={port} cannot be used (Address already in use): choose another one.\n"


def test_the_locks_hold_hashes_and_no_address():
    for name in ("run", "test", "dev"):
        lock = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        assert "://" not in lock
        assert "--index-url" not in lock
        packages = [line for line in lock.splitlines() if line and not line.startswith(" ")]
        assert packages
        assert all(line.endswith("\\") for line in packages)
