"""All settings, in one file. The values of one place come from the environment; docs/operations.md lists them.

Without DEMO or DEBUG this is a production: HTTPS only, and ALLOWED_HOSTS must be named.
"""

import tomllib
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from stutensee_im import env

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
STATE_DIR = env.folder("STATE_DIR", BASE_DIR / "var")

# -- What kind of place this is ------------------------------------------------------------------------------------
DEBUG = env.boolean("DEBUG")
DEMO = env.boolean("DEMO")
DEMO_PASSWORD = env.text("DEMO_PASSWORD", "demo")
# Both show too much, or ask for too little, to be reachable from another machine.
ON_THIS_MACHINE_ONLY = DEBUG or DEMO
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

SECRET_KEY = env.secret("SECRET_KEY", STATE_DIR / "secret_key")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", LOOPBACK if ON_THIS_MACHINE_ONLY else ())
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is empty: name the host names of this installation, separated by commas, "
        "or set DEMO=1 for a demonstration on this machine."
    )
if ON_THIS_MACHINE_ONLY and not all(env.is_loopback(host) for host in ALLOWED_HOSTS):
    raise env.refuse(
        "ALLOWED_HOSTS", ",".join(ALLOWED_HOSTS), "with DEMO or DEBUG only localhost and 127.0.0.1 are"
    )
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")

# How many reverse proxies stand in front. 0: X-Forwarded-* headers are not believed.
PROXY_COUNT = env.integer("PROXY_COUNT", 0, 0, 5)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None

# -- What it is made of --------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "ui",
    "audit",
    "accounts",
    "daily",
    "clients",
    "documents",
    "intake",
    "partners",
    "integration_plans",
    "appointments",
    "outreach",
    "funding",
    "reports",
    "accounts.admin_site.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "bootstrap",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "allauth",
    "allauth.account",
    "csp",
]
if DEMO:
    INSTALLED_APPS.append("demo")
MIDDLEWARE = [
    # Outermost, so that error pages and refusals carry the request id and the headers too.
    "stutensee_im.middleware.RequestIdMiddleware",
    "stutensee_im.middleware.ResponseHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    # Before anything that asks for the host or for HTTPS.
    "stutensee_im.middleware.HealthOnLoopbackMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "stutensee_im.middleware.RefuseUnreadableMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # After the one that serves static files, which are compressed already. A page that says back what somebody sent is
    # safe to compress when no secret stands on it: tokens against forged posts are masked anew for each answer, and
    # the key of a session is in no page.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Its look at the view comes before the CSRF check, which an expired session can no longer pass.
    "clients.middleware.ParkExpiredPost",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.OneTimePassword",
    "stutensee_im.middleware.UserLanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Innermost, so that it sees what a view raises before anything else does.
    "stutensee_im.middleware.DatabaseBusyMiddleware",
]
ROOT_URLCONF = "stutensee_im.urls"
WSGI_APPLICATION = "stutensee_im.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["ui.loaders.Compact", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.frame",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Database ------------------------------------------------------------------------------------------------------
# IMMEDIATE: a transaction that reads first and writes later takes its place in the queue at once; with SQLite's own
# default most of them are refused with "database is locked", whatever the time-out.
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": STATE_DIR / "db.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    },
    # A file, because a database in memory hides locking.
    "TEST": {"NAME": STATE_DIR / "test.sqlite3"},
}
DATABASES = {"default": env.database("DATABASE_URL", SQLITE)}
# One transaction per request would turn one slow page into refusals for all others; services open their own.
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # It compiles a statement for seconds where running it takes milliseconds, as in figures of a whole district.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")

# In the database, because a cache per process multiplies the log-in throttle by the number of processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

# -- Who is at the keyboard ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
# The session ends with the browser, and after a working day at the latest.
ACCOUNT_SESSION_REMEMBER = False
# Only failed log-ins are counted: a whole town hall may share one address.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/m/ip,5/5m/key"}

PASSWORD_HASHERS = ["stutensee_im.hashers.ModestArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "stutensee_im.errors.csrf_failure"

# -- HTTPS and headers ---------------------------------------------------------------------------------------------
if not ON_THIS_MACHINE_ONLY:
    SECURE_SSL_REDIRECT = True
    # A load balancer on the same machine asks without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 365 * 24 * 60 * 60, 3600, 2 * 365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrftoken"
# "no-referrer" would make browsers send "Origin: null" with forms, which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Long notes fit, a 100-kB joke in each of 2,000 fields does not.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# Small files stay in memory, others go to a temporary file, and what is above ten megabytes is read past.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "documents.uploads.LimitedUploadHandler",
]
# Kept files: no address leads there, a view hands them out.
DOCUMENTS_DIR = STATE_DIR / "documents"

# -- Static files --------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

# -- Language and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Berlin"
# 14.03.2018 on every screen, and 14.03.2018, 14.03.18 or 2018-03-14 in every field.
FORMAT_MODULE_PATH = "stutensee_im.formats"

# -- Mail and logs -------------------------------------------------------------------------------------------------
# Without a server nothing is mailed: a demonstration prints what it would send, an installation offers no mail at all.
EMAIL_HOST = env.text("EMAIL_HOST")
MAIL_IS_SET_UP = bool(EMAIL_HOST) or ON_THIS_MACHINE_ONLY
BACKEND_OF_MAIL = "smtp" if EMAIL_HOST else "console" if ON_THIS_MACHINE_ONLY else "dummy"
EMAIL_BACKEND = f"django.core.mail.backends.{BACKEND_OF_MAIL}.EmailBackend"
USUAL_PORTS = {"starttls": 587, "tls": 465, "none": 25}
EMAIL_SECURITY = env.choice("EMAIL_SECURITY", "starttls", USUAL_PORTS)
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_SECURITY == "starttls", EMAIL_SECURITY == "tls"
EMAIL_PORT = env.integer("EMAIL_PORT", USUAL_PORTS[EMAIL_SECURITY], 1, 65535)
EMAIL_HOST_USER = env.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "" if EMAIL_HOST else "webmaster@localhost")
if not DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured(
        "DEFAULT_FROM_EMAIL is empty: with EMAIL_HOST name the address mail comes from."
    )
if EMAIL_HOST_PASSWORD and EMAIL_SECURITY == "none" and not env.is_loopback(EMAIL_HOST):
    raise env.refuse("EMAIL_SECURITY", "none", "with EMAIL_PASSWORD use starttls or tls")
# Where links in mails lead.
PUBLIC_URL = next(
    iter(env.origins("PUBLIC_URL")),
    "http://localhost:8000" if ON_THIS_MACHINE_ONLY else f"https://{ALLOWED_HOSTS[0].lstrip('.')}",
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "stutensee_im.logs.RequestIdFilter"},
        "one_line": {"()": "stutensee_im.logs.OneLineFilter"},
    },
    "formatters": {
        "plain": {
            "()": "stutensee_im.logs.DiscreetFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id", "one_line"],
            "formatter": "plain",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's own set-up sends mails about errors; here everything goes to the one handler above.
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # It warns of every HEAD request, which is how load balancers ask.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
