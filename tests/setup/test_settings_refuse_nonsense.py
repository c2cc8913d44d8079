"""A value that makes no sense stops the start, and the message says what is accepted."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from stutensee_im import env

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {"ALLOWED_HOSTS": "im.example.org"}


def start(tmp_path, *arguments, **environment):
    """Run manage.py in an environment of its own, as an operator would."""
    clean = {"PATH": os.environ["PATH"], "STATE_DIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("word", ["1", "true", "YES", " on "])
def test_a_switch_is_on(word):
    assert env.boolean("X", environ={"X": word}) is True


@pytest.mark.parametrize("word", ["0", "false", "No", "off"])
def test_a_switch_is_off(word):
    assert env.boolean("X", default=True, environ={"X": word}) is False


def test_an_empty_switch_keeps_its_default():
    assert env.boolean("X", default=True, environ={"X": ""}) is True


def test_a_switch_refuses_other_words():
    with pytest.raises(ImproperlyConfigured, match=r"DEBUG='maybe' is not accepted: use 1, true, yes, on"):
        env.boolean("DEBUG", environ={"DEBUG": "maybe"})


@pytest.mark.parametrize("value", ["-1", "6", "1.5", "one", "٣", "99999999999999"])
def test_a_number_refuses_what_is_out_of_bounds(value):
    with pytest.raises(ImproperlyConfigured, match="use a whole number from 0 to 5"):
        env.integer("PROXY_COUNT", 0, 0, 5, environ={"PROXY_COUNT": value})


def test_a_choice_takes_its_words_and_no_other():
    assert env.choice("X", "none", ("none", "tls"), environ={"X": " TLS "}) == "tls"
    assert env.choice("X", "none", ("none", "tls"), environ={}) == "none"
    with pytest.raises(ImproperlyConfigured, match=r"^X='ssl' is not accepted: use one of none, tls\.$"):
        env.choice("X", "none", ("none", "tls"), environ={"X": "ssl"})


def test_hosts_are_read():
    assert env.hosts("H", environ={"H": "im.example.org, 10.0.0.7,[::1]"}) == [
        "im.example.org",
        "10.0.0.7",
        "[::1]",
    ]


@pytest.mark.parametrize(
    "value", ["*", "https://im.example.org", "im.example.org:8000", "im example", "a..b"]
)
def test_hosts_refuse_wildcards_schemes_and_ports(value):
    with pytest.raises(ImproperlyConfigured, match="without scheme, port or"):
        env.hosts("ALLOWED_HOSTS", environ={"ALLOWED_HOSTS": value})


@pytest.mark.parametrize("value", ["im.example.org", "http://im.example.org", "https://im.example.org/x"])
def test_origins_are_https_without_a_path(value):
    with pytest.raises(ImproperlyConfigured, match="use origins such as"):
        env.origins("CSRF_TRUSTED_ORIGINS", environ={"CSRF_TRUSTED_ORIGINS": value})


def test_a_database_url_is_taken_apart():
    url = "postgres://im:p%40ss%2Fword@db.example.org:6432/cases?sslmode=require"
    settings = env.database("DATABASE_URL", {}, environ={"DATABASE_URL": url})
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["NAME"], settings["USER"], settings["PASSWORD"]) == ("cases", "im", "p@ss/word")
    assert (settings["HOST"], settings["PORT"]) == ("db.example.org", "6432")
    assert settings["OPTIONS"] == {"sslmode": "require"}
    assert settings["CONN_HEALTH_CHECKS"] is True
    assert settings["CONN_MAX_AGE"] == 300


def test_a_database_url_may_name_a_socket():
    settings = env.database("D", {}, environ={"D": "postgres://im@%2Fvar%2Frun%2Fpostgresql/cases"})
    assert settings["HOST"] == "/var/run/postgresql"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://im@db/cases",
        "postgres://im@db",
        "postgres://im@db/",
        "postgres://im@db:port/cases",
        "postgres://im@db/a/b",
        "postgres://im@db/cases?nonsense",
        "cases",
    ],
)
def test_a_database_url_refuses_other_forms(url):
    with pytest.raises(ImproperlyConfigured, match="use postgres://"):
        env.database("DATABASE_URL", {}, environ={"DATABASE_URL": url})


def test_a_refused_database_url_does_not_show_its_password():
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.database("DATABASE_URL", {}, environ={"DATABASE_URL": "mysql://im:geheim@db/cases"})
    assert "geheim" not in str(refusal.value)


def test_a_database_url_refuses_unknown_options():
    with pytest.raises(ImproperlyConfigured, match="unknown options: sslmod"):
        env.database("DATABASE_URL", {}, environ={"DATABASE_URL": "postgres://im@db/cases?sslmod=require"})


def test_the_secret_key_is_drawn_once_and_kept_closed(tmp_path):
    file = tmp_path / "secret_key"
    first = env.secret("SECRET_KEY", file, environ={})
    assert len(first) >= 50
    assert env.secret("SECRET_KEY", file, environ={}) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("value", ["short", "x" * 60, "django-insecure-" + "abcdefghijklmnop" * 4])
def test_a_weak_secret_key_is_refused_and_not_shown(value, tmp_path):
    with pytest.raises(ImproperlyConfigured, match="at least 50 random characters") as refusal:
        env.secret("SECRET_KEY", tmp_path / "secret_key", environ={"SECRET_KEY": value})
    assert value not in str(refusal.value)


def test_a_state_folder_is_created_closed_to_others(tmp_path):
    path = env.folder("STATE_DIR", tmp_path / "state", environ={})
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_relative_state_folder_is_refused(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="use an absolute path"):
        env.folder("STATE_DIR", tmp_path, environ={"STATE_DIR": "var"})


def test_a_production_without_host_names_does_not_start(tmp_path):
    result = start(tmp_path, "check")
    assert result.returncode == 1
    assert result.stderr == (
        "ALLOWED_HOSTS is empty: name the host names of this installation, separated by commas, "
        "or set DEMO=1 for a demonstration on this machine.\n"
    )


def test_the_preparation_stops_with_the_same_sentence_and_leaves_nothing_behind(tmp_path):
    result = subprocess.run(
        [sys.executable, "-m", "stutensee_im.prepare"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "STATE_DIR": str(tmp_path), "PROXY_COUNT": "one"} | PRODUCTION,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "PROXY_COUNT='one' is not accepted: use a whole number from 0 to 5.\n"
    assert not (tmp_path / "db.sqlite3").exists()


@pytest.mark.parametrize("switch", ["DEMO", "DEBUG"])
def test_a_demonstration_refuses_to_be_reachable_from_outside(tmp_path, switch):
    result = start(tmp_path, "check", **{switch: "1"}, ALLOWED_HOSTS="im.example.org")
    assert result.returncode != 0
    assert "only localhost and 127.0.0.1 are" in result.stderr


def test_check_deploy_is_clean_in_production(tmp_path):
    result = start(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "no issues" in result.stdout + result.stderr


def test_check_deploy_is_clean_behind_a_proxy_with_postgresql(tmp_path):
    result = start(
        tmp_path,
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        **PRODUCTION,
        PROXY_COUNT="1",
        DATABASE_URL="postgres://im@127.0.0.1/im",
        CSRF_TRUSTED_ORIGINS="https://im.example.org",
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_production_cookies_are_bound_to_the_host_and_to_https(tmp_path):
    code = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.DEBUG)"
    )
    result = start(tmp_path, "shell", "--no-imports", "-c", code, **PRODUCTION)
    assert result.stdout.split() == ["__Host-sessionid", "True", "True", "True", "False"], result.stderr


MAIL = (
    "import django; django.setup(); from django.conf import settings as s; "
    "print(s.EMAIL_BACKEND.split('.')[-2], s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, "
    "s.MAIL_IS_SET_UP, s.PUBLIC_URL)"
)
SENDS = PRODUCTION | {"EMAIL_HOST": "mail.example.org", "DEFAULT_FROM_EMAIL": "im@example.org"}


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        (PRODUCTION, "dummy 587 True False False https://im.example.org"),
        ({"DEMO": "1"}, "console 587 True False True http://localhost:8000"),
        (SENDS, "smtp 587 True False True https://im.example.org"),
        (SENDS | {"EMAIL_SECURITY": "tls"}, "smtp 465 False True True https://im.example.org"),
        (
            SENDS
            | {"EMAIL_SECURITY": "none", "EMAIL_PORT": "2525", "PUBLIC_URL": "https://im.landkreis.example"},
            "smtp 2525 False False True https://im.landkreis.example",
        ),
    ],
)
def test_mail_goes_where_the_environment_says(tmp_path, environment, says):
    result = start(tmp_path, "shell", "--no-imports", "--command", MAIL, **environment)
    assert (result.stdout.strip(), result.returncode) == (says, 0), result.stderr


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        (
            {"DEFAULT_FROM_EMAIL": ""},
            "DEFAULT_FROM_EMAIL is empty: with EMAIL_HOST name the address mail comes from.",
        ),
        (
            {"EMAIL_SECURITY": "none", "EMAIL_PASSWORD": "secret"},
            "EMAIL_SECURITY='none' is not accepted: with EMAIL_PASSWORD use starttls or tls.",
        ),
    ],
)
def test_mail_without_a_sender_or_with_an_open_password_stops_the_start(tmp_path, environment, says):
    result = start(tmp_path, "check", **SENDS | environment)
    assert (result.returncode, result.stderr.strip()) == (1, says)
