"""The other side of the comparison, on the same database: what a page costs when it does as little as a page can.

A session, the user, protection against forged posts and messages, as with Django's own start project.
"""

from stutensee_im.settings import *  # noqa: F403
from stutensee_im.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [
    "django.contrib.admin" if app == "accounts.admin_site.StaffAdminConfig" else app for app in OURS
]
MIDDLEWARE = [
    "benchmarks.counting.CountQueries",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # The log-in refuses to be installed without it.
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "benchmarks.floor"
# The admin site of the product takes value lists only; here it shows files.
SILENCED_SYSTEM_CHECKS = ["admin.E130"]
