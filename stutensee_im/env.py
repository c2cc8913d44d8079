"""Typed reading of environment variables: a value that makes no sense stops the start instead of guessing.

Every function raises ``ImproperlyConfigured`` with the variable's name, what it holds and what is accepted.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import urllib.parse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})
HOST_NAME = re.compile(r"\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
# sslmode and the like: what may stand behind the question mark of DATABASE_URL.
DATABASE_OPTIONS = frozenset(
    {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name"}
)


def refuse(name: str, value: str, accepted: str) -> ImproperlyConfigured:
    """The exception to raise for a variable that makes no sense."""
    return ImproperlyConfigured(f"{name}={value!r} is not accepted: {accepted}.")


def text(name: str, default: str = "", environ: Mapping[str, str] = os.environ) -> str:
    """The variable without surrounding blanks, or the default when it is absent or empty."""
    return environ.get(name, "").strip() or default


def boolean(name: str, default: bool = False, environ: Mapping[str, str] = os.environ) -> bool:
    """A switch: 1, true, yes, on or 0, false, no, off."""
    value = text(name, environ=environ).lower()
    if not value:
        return default
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    raise refuse(name, value, "use 1, true, yes, on or 0, false, no, off")


def integer(name: str, default: int, low: int, high: int, environ: Mapping[str, str] = os.environ) -> int:
    """A whole number between ``low`` and ``high``, both included."""
    value = text(name, environ=environ)
    if not value:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
        raise refuse(name, value, f"use a whole number from {low} to {high}")
    return int(value)


def choice(name: str, default: str, accepted: Iterable[str], environ: Mapping[str, str] = os.environ) -> str:
    """One of some words, in small letters."""
    value = text(name, default, environ).lower()
    if value not in accepted:
        raise refuse(name, value, f"use one of {', '.join(accepted)}")
    return value


def hosts(name: str, default: tuple[str, ...] = (), environ: Mapping[str, str] = os.environ) -> list[str]:
    """Host names or addresses separated by commas; no scheme, no port, no wildcard."""
    value = text(name, environ=environ)
    if not value:
        return list(default)
    found = [part.strip().lower() for part in value.split(",") if part.strip()]
    for host in found:
        if not (is_address(host.strip("[]")) or HOST_NAME.fullmatch(host)):
            raise refuse(name, value, "use host names separated by commas, without scheme, port or *")
    return found


def origins(name: str, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Origins such as ``https://im.example.org``, separated by commas."""
    value = text(name, environ=environ)
    found = [part.strip().lower() for part in value.split(",") if part.strip()]
    for origin in found:
        parts = urllib.parse.urlsplit(origin)
        if parts.scheme != "https" or not parts.netloc or parts.path or parts.query:
            raise refuse(name, value, "use origins such as https://im.example.org, separated by commas")
    return found


def is_address(host: str) -> bool:
    """Whether the text is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a host can only be reached from this machine."""
    bare = host.strip("[]")
    return (
        bare == "localhost"
        or bare.endswith(".localhost")
        or (is_address(bare) and ipaddress.ip_address(bare).is_loopback)
    )


def folder(name: str, default: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """An absolute folder that exists afterwards and is closed to other accounts when it had to be created."""
    value = text(name, environ=environ)
    path = Path(value) if value else default
    if not path.is_absolute():
        raise refuse(name, value, "use an absolute path")
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise refuse(name, str(path), f"use a folder that can be created ({error.strerror})") from error
    return path


def secret(name: str, file: Path, environ: Mapping[str, str] = os.environ) -> str:
    """The secret from the environment, else from ``file``, else newly drawn and written to ``file`` (mode 0600)."""
    value = text(name, environ=environ)
    if value:
        if len(value) < 50 or len(set(value)) < 10 or value.startswith("django-insecure-"):
            raise ImproperlyConfigured(f"{name} is not accepted: use at least 50 random characters.")
        return value
    # Several processes may start at once on an empty folder: only one creates the file, and it appears whole.
    if not file.exists():
        draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text(encoding="ascii").strip()


def database(name: str, default: dict[str, Any], environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Django's settings for one database from ``postgres://user:password@host:port/name?sslmode=require``.

    Reserved characters in user, password and name are percent-encoded. A host that begins with ``/`` (written
    ``%2F``) is the folder of a Unix socket; an absent host means the default socket.
    """
    value = text(name, environ=environ)
    if not value:
        return default
    accepted = (
        f"{name} is not accepted: use postgres://user:password@host:port/database (its value is not shown)."
    )
    try:
        parts = urllib.parse.urlsplit(value)
        port = parts.port
        options = urllib.parse.parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise ImproperlyConfigured(accepted) from error
    database_name = urllib.parse.unquote(parts.path[1:])
    if (
        parts.scheme not in {"postgres", "postgresql"}
        or not database_name
        or "/" in database_name
        or parts.fragment
    ):
        raise ImproperlyConfigured(accepted)
    unknown = sorted(options.keys() - DATABASE_OPTIONS)
    if unknown:
        raise ImproperlyConfigured(f"{name} has unknown options: {', '.join(unknown)}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": urllib.parse.unquote(parts.username or ""),
        "PASSWORD": urllib.parse.unquote(parts.password or ""),
        "HOST": urllib.parse.unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": {key: values[-1] for key, values in options.items()},
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        # A cluster made without a locale would give test databases an encoding that knows ASCII only.
        "TEST": {"CHARSET": "UTF8", "TEMPLATE": "template0"},
    }
